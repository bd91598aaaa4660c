import { readArguments } from '../../scripts/generate.ts';

const FIELDS = 'body:text';

it('a name and fields', () => {
  expect(readArguments(['resource', 'purchase order', '--fields', FIELDS], {})).toEqual({
    name: 'purchase order',
    fields: FIELDS,
    dryRun: false,
  });
  expect(readArguments(['resource', 'purchase order', `--fields=${FIELDS}`, '--dry-run'], {}).dryRun).toBe(true);
});

it.each([
  [
    '--fields before --',
    ['resource', 'purchase order'],
    { npm_config_fields: FIELDS },
    /npm kept --fields for itself, nothing was written.*npm run generate -- resource/s,
  ],
  [
    '--dry-run before --',
    ['resource', 'purchase order', '--fields', FIELDS],
    { npm_config_dry_run: 'true' },
    /npm kept --dry-run for itself/,
  ],
  ['no schematic', [], {}, /Say what to generate/],
  ['another schematic', ['service', 'x'], {}, /Say what to generate/],
  ['no name', ['resource'], {}, /Say what to generate/],
  ['a name without quotes', ['resource', 'purchase', 'order', '--fields', FIELDS], {}, /"order" is left over/],
  ['fields without quotes', ['resource', 'order', '--fields', 'a:int', 'b:int'], {}, /"b:int" is left over/],
  ['no fields', ['resource', 'order'], {}, /Say which fields order has/],
  ['an unknown flag', ['resource', 'order', '--field', FIELDS], {}, /Unknown option '--field'/],
])('%s → refused', (_what, args, environment, message) => {
  expect(() => readArguments(args, environment)).toThrow(message);
});

it('npm says dry-run is off', () => {
  expect(
    readArguments(['resource', 'order', '--fields', FIELDS], { npm_config_dry_run: '', npm_config_fields: undefined })
      .name,
  ).toBe('order');
});
