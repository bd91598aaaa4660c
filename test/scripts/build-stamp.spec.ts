import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { tmpdir } from 'node:os';
import { isBuilt, markBuilt, stampOf } from '../../scripts/build-stamp.ts';
import { ROOT } from '../../scripts/root.ts';

let directory: string;
let path: string;
const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'session-guard-stamp-'));
  path = relative(ROOT, directory);
  write('a.ts', 'one');
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('stampOf', () => {
  it('stays while nothing changes', () => {
    expect(stampOf([path])).toBe(stampOf([path]));
  });

  it.each([
    ['an edit', () => write('a.ts', 'two')],
    ['a new file', () => write('b.ts', '')],
    ['a removed file', () => rmSync(join(directory, 'a.ts'))],
  ])('changes with %s', (_what, change) => {
    const before = stampOf([path]);
    change();
    expect(stampOf([path])).not.toBe(before);
  });

  it.each(['a.spec.ts', 'a.test.ts'])('does not change with a test, %s', (name) => {
    const before = stampOf([path]);
    write(name, 'x');
    expect(stampOf([path])).toBe(before);
  });

  it.each(['dist', 'node_modules', '.next'])('does not change with what a build writes, %s', (name) => {
    const before = stampOf([path]);
    mkdirSync(join(directory, name));
    write(join(name, 'x.js'), 'x');
    expect(stampOf([path])).toBe(before);
  });
});

it('an output is built when it was marked with the same stamp', () => {
  const output = join(path, '.stamp');
  expect(isBuilt(output, 'abc')).toBe(false);
  markBuilt(output, 'abc');
  expect(isBuilt(output, 'abc')).toBe(true);
  expect(isBuilt(output, 'abd')).toBe(false);
});
