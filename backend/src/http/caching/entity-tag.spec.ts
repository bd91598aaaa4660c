import { allowedVersions, entityTag, namesVersion, parseEntityTags, staleProblem } from './entity-tag.ts';

const parse = (header: string) => parseEntityTags('if-match', header);
const strong = (value: string) => ({ weak: false, value });
const weak = (value: string) => ({ weak: true, value });

it('a version is a strong tag', () => {
  expect(entityTag(3)).toBe('"3"');
});

describe('parseEntityTags', () => {
  it.each([
    ['"3"', [strong('3')]],
    [' "3" ', [strong('3')]],
    ['W/"3"', [weak('3')]],
    ['""', [strong('')]],
    ['"a","b"', [strong('a'), strong('b')]],
    ['"a" ,\tW/"b"', [strong('a'), weak('b')]],
    ['"a,b"', [strong('a,b')]],
    ['"a,b", "c"', [strong('a,b'), strong('c')]],
    ['"a,W/x", W/",,"', [strong('a,W/x'), weak(',,')]],
    [', "a",, "b",', [strong('a'), strong('b')]],
    ['"a", ', [strong('a')]],
    ['"!#~\u0080\u00ff"', [strong('!#~\u0080\u00ff')]],
  ])('%s', (header, tags) => {
    expect(parse(header)).toEqual(tags);
  });

  it.each([
    '3',
    '"3',
    '3"',
    '"a" "b"',
    '"a""b"',
    'w/"a"',
    'W/ "a"',
    '"a b"',
    '"a\u007f"',
    '"a","b',
    '',
    ' ',
    ',',
    ', ,',
    '*, "a"',
    '"a", *',
    '**',
  ])('%j is no list of tags: 400 that names the header', (header) => {
    for (const name of ['if-match', 'if-none-match'] as const) {
      const response = {
        errors: [{ pointer: `/headers/${name}`, message: 'must be * or up to 20 entity tags such as "3"' }],
      };
      const refusal: unknown = expect.objectContaining({ status: 400, response: expect.objectContaining(response) });
      expect(() => parseEntityTags(name, header)).toThrow(refusal as Error);
    }
  });

  it('any version, with white space around it or not', () => {
    expect([parse('*'), parse(' * ')]).toEqual(['*', '*']);
    expect(parseEntityTags('if-match', undefined)).toBeUndefined();
  });

  it('twenty tags are read, one more is refused, and a long list of nothing takes no time', () => {
    const list = (count: number): string => Array.from({ length: count }, (_, index) => `"${index}"`).join(',');
    expect(parse(list(20))).toHaveLength(20);
    expect(() => parse(list(21))).toThrow('invalid values');
    expect(() => parse(`${' '.repeat(8_000)}x`)).toThrow('invalid values');
    expect(() => parse('"'.repeat(8_000))).toThrow('invalid values');
  });
});

it('If-None-Match compares weakly, If-Match strongly', () => {
  expect(namesVersion(parse('W/"3", "4"'), 3)).toBe(true);
  expect(namesVersion(parse('"4"'), 3)).toBe(false);
  expect([namesVersion('*', 3), namesVersion(undefined, 3)]).toEqual([true, false]);
  expect(allowedVersions(parse('W/"3", "4", "5"'))).toEqual([4, 5]);
  expect([allowedVersions('*'), allowedVersions(undefined)]).toEqual([undefined, undefined]);
});

it('a tag that is no version of ours allows none, which is 412 and not 400', () => {
  expect(allowedVersions(parse('"a,b", "0", "03", "-1", "1.5", "3,4", "9999999999", "123456789"'))).toEqual([
    123_456_789,
  ]);
  expect(staleProblem().getStatus()).toBe(412);
  expect(staleProblem().getResponse()).not.toHaveProperty('errors');
  expect(staleProblem('/operations/1').getResponse()).toMatchObject({
    errors: [{ pointer: '/operations/1', message: 'names a version that is not the current one' }],
  });
});
