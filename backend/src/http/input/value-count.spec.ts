import { holdsMoreValues } from './value-count.ts';

it.each([
  ['a list', [1, 2, 3]],
  ['an object', { a: 1, b: 2, c: 3 }],
  ['one inside of another', { a: [1, 2], b: 3 }],
  ['commas in text', ['a,b,c,d', 'e,f', ',']],
  ['commas in names', { 'a,b': 1, 'c,d,e': 2, ',': 3 }],
  ['quotes in text', ['",', '\\', '\\",\\,"']],
  ['text that ends in backslashes', ['\\\\', 'a\\', '\\\\\\,']],
])('%s: counted by what separates its values, text apart', (_what, value) => {
  const json = JSON.stringify(value);
  expect(holdsMoreValues(json, 3)).toBe(false);
  expect(holdsMoreValues(json, 2)).toBe(true);
});

it.each(['', '"', '"\\', '"\\"', '"a,b,c,d', '{"a": "\\\\\\"'])('%j: left to the parser', (json) => {
  expect(holdsMoreValues(json, 1)).toBe(false);
});

it('it stops at the first value too many', () => {
  const much = `[1,1,1,"${'\\"'.repeat(10_000_000)}"]`;
  const startedAt = process.cpuUsage();
  for (let times = 0; times < 1_000; times += 1) expect(holdsMoreValues(much, 2)).toBe(true);
  const { user, system } = process.cpuUsage(startedAt);
  expect((user + system) / 1_000).toBeLessThan(2_000);
});
