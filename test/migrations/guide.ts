import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT } from '../../scripts/root.ts';

/** The files of an application, by their paths in it. */
export type Files = ReadonlyMap<string, string>;

/** One fenced block of a guide that does something: a whole file, a change of one, or shell commands. */
type Step =
  | { readonly kind: 'file' | 'diff'; readonly path: string; readonly text: string }
  | { readonly kind: 'shell'; readonly commands: readonly string[] };

/** Where the application of a guide stands before the guide, and where it stands after it. */
export const beforeOf = (name: string): string => join(ROOT, 'test/migrations', name, 'before');
export const afterOf = (name: string): string => join(ROOT, 'test/migrations', name, 'after');

/**
 * Takes the application of a guide and follows the guide: what a reader would type and paste, in its order.
 *
 * - a block with a `title` is that file, new or replaced; as `diff`, it is a change whose lines must be found there
 * once
 * - `sh` blocks may hold `npm install`, `npm uninstall` and `rm`
 * - any other block is an illustration
 *
 * @returns the migrated application
 * @throws Error naming the step that can't be followed
 */
export function follow(name: string): Files {
  const files = new Map(filesOf(beforeOf(name)));
  for (const step of stepsOf(readFileSync(join(ROOT, 'docs/guides', `${name}.md`), 'utf8'))) apply(step, files);
  return files;
}

export function filesOf(directory: string): Files {
  const paths = existsSync(directory)
    ? readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    : [];
  return new Map(
    paths
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [relative(directory, path), readFileSync(path, 'utf8')]),
  );
}

/** Writes an application anew. */
export function writeFiles(directory: string, files: Files): void {
  rmSync(directory, { recursive: true, force: true });
  for (const [path, content] of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
}

/** @throws Error for a block that looks like a step and isn't one */
export function stepsOf(markdown: string): Step[] {
  return [...markdown.matchAll(/^```(\w+)([^\n]*)\n([\s\S]*?)^```$/gm)].flatMap(
    ([, language = '', info = '', text = '']): Step[] => {
      const path = /title="([^"]+)"/.exec(info)?.[1];
      if (language === 'sh') return [{ kind: 'shell', commands: text.trim().split('\n') }];
      if (language === 'diff') {
        if (path === undefined) throw new Error(`A diff must say which file it changes:\n${text}`);
        return [{ kind: 'diff', path, text }];
      }
      return path === undefined ? [] : [{ kind: 'file', path, text }];
    },
  );
}

function apply(step: Step, files: Map<string, string>): void {
  if (step.kind === 'shell') for (const command of step.commands) run(command, files);
  else
    files.set(step.path, step.kind === 'file' ? step.text : patch(contentOf(files, step.path), step.text, step.path));
}

function contentOf(files: Files, path: string): string {
  const content = files.get(path);
  if (content === undefined) throw new Error(`The application has no ${path}.`);
  return content;
}

/**
 * @param diff hunks, parted by lines that begin with `@@`; every other line begins with ` `, `-` or `+`, or is empty
 * @throws Error when what a hunk expects isn't there, or is there more than once
 */
export function patch(content: string, diff: string, path: string): string {
  return diff.split(/^@@.*\n/m).reduce((text, hunk) => {
    const lines = hunk.replace(/\n$/, '').split('\n');
    const side = (sign: string): string =>
      lines
        .filter((line) => !line.startsWith(sign))
        .map((line) => `${line.slice(1)}\n`)
        .join('');
    const parts = `\n${text}`.split(`\n${side('+')}`);
    if (parts.length !== 2)
      throw new Error(`${path} holds these lines ${parts.length - 1} times, not once:\n${side('+')}`);
    return parts.join(`\n${side('-')}`).slice(1);
  }, content);
}

function run(command: string, files: Map<string, string>): void {
  const [program = '', ...words] = command.split(' ');
  if (program === 'rm') {
    for (const path of words) if (!files.delete(path)) throw new Error(`The application has no ${path}.`);
    return;
  }
  const [action, ...packages] = words;
  if (program !== 'npm' || (action !== 'install' && action !== 'uninstall'))
    throw new Error(`A guide can't be followed here: ${command}`);
  const manifest = JSON.parse(contentOf(files, 'package.json')) as { dependencies: Record<string, string> };
  for (const name of packages) {
    if (action === 'install') manifest.dependencies[name] = '*';
    else if (name in manifest.dependencies) delete manifest.dependencies[name];
    else throw new Error(`${name} is not installed: ${command}`);
  }
  files.set('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The packages that an application imports and its package.json doesn't name. */
export function missingPackages(files: Files): string[] {
  const { dependencies } = JSON.parse(contentOf(files, 'package.json')) as { dependencies: Record<string, string> };
  const specifiers = [...files]
    .filter(([path]) => path.endsWith('.ts'))
    .flatMap(([, source]) =>
      [...source.matchAll(/(?:from|import) '([^'.][^']*)'/g)].map(([, specifier = '']) => specifier),
    );
  const packages = specifiers
    .filter((specifier) => !specifier.startsWith('node:'))
    .map((specifier) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  return [...new Set(packages)].filter((name) => !(name in dependencies));
}
