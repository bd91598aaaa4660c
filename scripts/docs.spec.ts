import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './root.ts';

const documents = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const variablesOf = (path: string): string[] => [...read(path).matchAll(/^ {2,4}([A-Z][A-Z0-9_]+): /gm)].map(([, name]) => name!);

describe('the documents', () => {
  it.each(documents)('%s links to files that exist', (document) => {
    const links = [...read(document).matchAll(/\]\((?!https?:|mailto:|#)([^)\s#]+)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(document), link)))).toEqual([]);
  });

  it('the README explains every variable that is read, and no other', () => {
    const table = read('README.md').split('## Configuration')[1]!.split('\n').filter((line) => line.startsWith('| `'));
    const explained = table.flatMap((line) => [...line.split('|')[1]!.matchAll(/`([A-Z0-9_]+)`/g)].map(([, name]) => name!));
    const known = new Set([...variablesOf('backend/src/env.ts'), ...variablesOf('frontend/src/server/env.ts'), ...variablesOf('scripts/env.ts')]);
    // Set by whoever starts the applications, never by people.
    known.delete('NODE_ENV');
    expect(explained.toSorted()).toEqual([...known].toSorted());
  });

  it('the README names every command a person types, and each exists', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read('README.md').matchAll(/npm (?:run )?([a-z]+)/g)].map(([, name]) => name!).filter((name) => name !== 'ci' && name !== 'alone');
    for (const name of named) {
      const file = /scripts\/\w+\.ts/.exec(scripts[name] ?? `no script ${name}`)?.[0];
      if (file !== undefined) expect([name, existsSync(join(ROOT, file))]).toEqual([name, true]);
    }
  });

  it('decisions are numbered once each', () => {
    const numbers = documents.filter((path) => path.startsWith('docs/decisions/')).map((path) => /\/(\d{3})-/.exec(path)?.[1]);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
