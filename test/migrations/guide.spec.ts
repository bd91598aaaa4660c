import { afterOf, filesOf, follow, missingPackages, patch, stepsOf, writeFiles } from './guide.ts';

const FILE = 'one\ntwo\nthree\ntwo\n';

describe('following a guide', () => {
  it('a hunk changes the lines it names, and each hunk sees what the one before did', () => {
    expect(patch(FILE, ' one\n-two\n+deux\n@@\n deux\n+et demi\n', 'a.ts')).toBe('one\ndeux\net demi\nthree\ntwo\n');
  });

  it.each([
    ['are not there', '-four\n'],
    ['are there twice', '-two\n+deux\n'],
    ['are only a part of a line', '-tw\n'],
  ])('lines that %s stop it', (_, diff) => {
    expect(() => patch(FILE, diff, 'a.ts')).toThrow('a.ts holds these lines');
  });

  it('takes titled blocks and commands in their order, and leaves illustrations alone', () => {
    const markdown =
      '```ts title="a.ts"\nx\n```\ntext\n```py\nillustration\n```\n```sh\nrm ' +
      'b.ts\n```\n```diff title="c.ts"\n-y\n```\n';
    expect(stepsOf(markdown)).toEqual([
      { kind: 'file', path: 'a.ts', text: 'x\n' },
      { kind: 'shell', commands: ['rm b.ts'] },
      { kind: 'diff', path: 'c.ts', text: '-y\n' },
    ]);
    expect(() => stepsOf('```diff\n-y\n```\n')).toThrow('must say which file');
  });
});

/**
 * The migrated applications are kept beside those they come from: compiled and linted like everything else, and run by
 * `migrations.test.ts`. After a change of a guide: UPDATE_MIGRATED=1 npx jest test/migrations/guide
 */
describe.each(['from-session-lookup', 'from-nestjs-better-auth', 'from-passport-jwt'])('%s', (name) => {
  const migrated = follow(name);
  if (process.env['UPDATE_MIGRATED'] === '1') writeFiles(afterOf(name), migrated);

  it('followed to its end, gives the application that is kept', () => {
    expect(Object.fromEntries(filesOf(afterOf(name)))).toEqual(Object.fromEntries(migrated));
  });

  it('installs everything that is imported then', () => {
    expect(missingPackages(migrated)).toEqual([]);
  });
});
