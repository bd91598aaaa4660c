import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync } from '@swc/core';
import { anchorsOf, blocksOf, linksOf } from './markdown.ts';
import { ROOT } from '../../scripts/root.ts';

const documents = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .trim()
  .split('\n');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const variablesOf = (path: string): string[] =>
  [...read(path).matchAll(/^ {2,4}([A-Z][A-Z0-9_]+): /gm)].map(([, name]) => name!);

const PACKAGE = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
/** npm's own. */
const NPM_COMMANDS = new Set(['ci', 'install', 'uninstall']);

const typeScript = (document: string) =>
  blocksOf(read(document)).filter(({ language }) => language === 'ts' || language === 'tsx');

function syntaxError(code: string): string | undefined {
  try {
    parseSync(code, { syntax: 'typescript', decorators: true, tsx: false, target: 'es2022' });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('the documents', () => {
  it.each(documents)('%s links to files that exist', (document) => {
    const links = [...read(document).matchAll(/\]\((?!https?:|mailto:|#)([^)\s#]+)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(document), link)))).toEqual([]);
  });

  it.each(documents)('%s links to headings that exist', (document) => {
    const missing = linksOf(read(document)).filter(({ path, anchor }) => {
      const target = path === '' ? document : join(dirname(document), path);
      return (
        anchor !== undefined &&
        target.endsWith('.md') &&
        existsSync(join(ROOT, target)) &&
        !anchorsOf(read(target)).includes(anchor)
      );
    });
    expect(missing).toEqual([]);
  });

  it.each(documents)('%s shows TypeScript that parses', (document) => {
    const wrong = typeScript(document).flatMap(({ code, line }) => {
      // A whole module, members of a class, or an expression's parts.
      const errors = [code, `class Sample { ${code}\n}`, `const sample = { ${code}\n};`].map(syntaxError);
      return errors.includes(undefined) ? [] : [`line ${line}: ${errors[0]}`];
    });
    expect(wrong).toEqual([]);
  });

  it.each(documents)('%s has commands that name scripts and files which exist', (document) => {
    // The guides to moving over are for other repositories.
    if (document.startsWith('docs/guides/from-')) return;
    const code = blocksOf(read(document)).flatMap((block) => (block.language === 'sh' ? [block.code] : []));
    const commands = code.join('\n');
    const scripts = [...commands.matchAll(/\bnpm (?:run )?([a-z][\w:-]*)/g)].map(([, name]) => name!);
    expect(scripts.filter((name) => !NPM_COMMANDS.has(name) && !(name in PACKAGE.scripts))).toEqual([]);
    const files = [...commands.matchAll(/(?<![\w./-])(?:backend|bench|deploy|docker|frontend|libs|test)\/[\w./-]+\w/g)];
    const missing = files
      .map(([path]) => path)
      .filter((path) => !path.includes('dist/') && !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
    const targets = /^for target in ([\w ]+); do$/m.exec(commands)?.[1]?.split(' ') ?? [];
    for (const target of targets) expect(read('docker/Dockerfile')).toMatch(new RegExp(` AS ${target}$`, 'm'));
  });

  it('samples that are marked complete compile', () => {
    const samples = documents.flatMap((document) =>
      typeScript(document)
        .filter(({ info }) => info.split(' ').includes('complete'))
        .map(({ code, line }) => [`${document.replaceAll('/', '-')}-${line}.ts`, code] as const),
    );
    expect(samples.length).toBeGreaterThan(5);
    const problems = JSON.parse(
      execFileSync(process.execPath, ['--import', 'tsx', 'test/type-check.ts'], {
        cwd: ROOT,
        input: JSON.stringify(Object.fromEntries(samples)),
        encoding: 'utf8',
      }),
    ) as string[];
    expect(problems).toEqual([]);
  });

  it('the README explains every variable that is read, and no other', () => {
    const table = read('README.md')
      .split('## Configuration')[1]!
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const explained = table.flatMap((line) =>
      [...line.split('|')[1]!.matchAll(/`([A-Z0-9_]+)`/g)].map(([, name]) => name!),
    );
    const known = new Set([
      ...variablesOf('backend/src/env.ts'),
      ...variablesOf('frontend/src/server/env.ts'),
      ...variablesOf('scripts/env.ts'),
    ]);
    // Set by whoever starts the applications, never by people.
    known.delete('NODE_ENV');
    expect(explained.toSorted()).toEqual([...known].toSorted());
  });

  it('the README names every command a person types, and each exists', () => {
    const named = [...read('README.md').matchAll(/npm (?:run )?([a-z][\w:-]*)/g)]
      .map(([, name]) => name!)
      .filter((name) => name !== 'ci' && name !== 'alone');
    for (const name of named) {
      const file = /[\w/-]+\.ts/.exec(PACKAGE.scripts[name] ?? 'missing.ts')?.[0];
      if (file !== undefined) expect([name, existsSync(join(ROOT, file))]).toEqual([name, true]);
    }
  });

  it('each library has a README and a CHANGELOG in its package, and they are versioned together', () => {
    const libraries = documents.flatMap((path) => /^libs\/([^/]+)\/README\.md$/.exec(path)?.[1] ?? []);
    const manifests = libraries.map(
      (name) => JSON.parse(read(`libs/${name}/package.json`)) as { name: string; version: string; files: string[] },
    );
    expect(manifests).toHaveLength(5);
    for (const [index, { files }] of manifests.entries()) {
      expect(files).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md']));
      expect(documents).toContain(`libs/${libraries[index]}/CHANGELOG.md`);
    }
    expect(new Set(manifests.map(({ version }) => version)).size).toBe(1);
    const { fixed, ignore } = JSON.parse(read('.changeset/config.json')) as { fixed: string[][]; ignore: string[] };
    expect(fixed.map((names) => names.toSorted())).toEqual([manifests.map(({ name }) => name).toSorted()]);
    expect(ignore).toEqual(
      ['backend', 'frontend'].map((folder) => (JSON.parse(read(`${folder}/package.json`)) as { name: string }).name),
    );
  });

  it('decisions are numbered once each', () => {
    const numbers = documents
      .filter((path) => path.startsWith('docs/decisions/'))
      .map((path) => /\/(\d{3})-/.exec(path)?.[1]);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
