import { Refusal } from './refusal.ts';

/** The project as the generator sees it: paths are relative to its root, with slashes. */
export interface Project {
  /** A file's text; undefined when there is none. */
  read(path: string): string | undefined;
  /** Every file below a folder, however deep. */
  list(folder: string): string[];
}

/** The files the generator adds to. */
export const FILES = {
  module: 'backend/src/app.module.ts',
  migrations: 'backend/src/database/migrations/index.ts',
  document: 'backend/src/openapi/document.ts',
  access: 'backend/test/access.txt',
  openapi: 'libs/api-client/openapi.json',
} as const;

/** Reads a file that must be there. @throws {Refusal} naming it */
export function required(project: Project, path: string): string {
  const text = project.read(path);
  if (text === undefined) throw new Refusal(`${path} is missing: run this at the root of the repository.`);
  return text;
}

/** Adds a feature module to the application's. */
export function addModule(text: string, name: string, path: string): string {
  const feature = /(@Module\(\{\s*imports:\s*\[)([^\]]*)(\][\s\S]*?export class AppModule\b)/;
  if (!feature.test(text))
    throw new Refusal(`${FILES.module} has no @Module({ imports: […] }) on AppModule to add ${name} to.`);
  const withImport = addImport(text, `import { ${name} } from '${path}';`);
  return withImport.replace(
    feature,
    (_match, before: string, list: string, after: string) => `${before}${appended(list, name)}${after}`,
  );
}

/** Adds a migration to the list of them. */
export function addMigration(text: string, name: string, path: string): string {
  const list = /(export const migrations = \[)([^\]]*)(\])/;
  if (!list.test(text))
    throw new Refusal(`${FILES.migrations} has no "export const migrations = […]" to add ${name} to.`);
  const withImport = addImport(text, `import { ${name} } from '${path}';`);
  return withImport.replace(
    list,
    (_match, before: string, names: string, after: string) => `${before}${appended(names, name)}${after}`,
  );
}

/** Adds a tag, so that the document describes the group its routes are in. */
export function addTag(text: string, name: string, description: string): string {
  const tag = /^([ \t]*)\.addTag\(.*\)$/m;
  const match = tag.exec(text);
  if (match === null) throw new Refusal(`${FILES.document} has no .addTag(…) to add "${name}" after.`);
  const quoted = description.includes("'") ? `"${description}"` : `'${description}'`;
  return text.replace(tag, (line) => `${line}\n${match[1] ?? ''}.addTag('${name}', ${quoted})`);
}

/** As wide as the isolation kit writes it. */
const PATH_WIDTH = 44;

/** Adds who may reach the new routes, in the order in which the isolation kit reports them. */
export function addAccess(text: string, routes: readonly (readonly [method: string, path: string])[]): string {
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  const lines = [
    ...text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(split),
    ...routes.map(([method, path]) => [method, path, 'signed in: own rows only'] as const),
  ];
  return lines
    .toSorted((a, b) => a[1].localeCompare(b[1], 'en') || methods.indexOf(a[0]) - methods.indexOf(b[0]))
    .map(([method, path, who]) => `${method.padEnd(6)} ${path.padEnd(PATH_WIDTH)}  ${who}\n`)
    .join('');
}

function split(line: string): readonly [string, string, string] {
  const [method = '', path = '', ...who] = line.split(/\s+/);
  return [method, path, who.join(' ')];
}

/** After the last import. */
function addImport(text: string, line: string): string {
  const imports = [...text.matchAll(/^import [\s\S]*? from '[^']+';$/gm)];
  const last = imports.at(-1);
  if (last === undefined) return `${line}\n\n${text}`;
  const end = last.index + last[0].length;
  return `${text.slice(0, end)}\n${line}${text.slice(end)}`;
}

/** Keeps a list on one line, or on lines of its own, as it is. */
function appended(list: string, name: string): string {
  const trimmed = list.trimEnd();
  if (!list.includes('\n')) return `${trimmed.replace(/,$/, '')}${trimmed === '' ? '' : ', '}${name}`;
  const indent = /\n([ \t]+)\S/.exec(list)?.[1] ?? '  ';
  return `${trimmed.replace(/,$/, '')},\n${indent}${name},${list.slice(trimmed.length)}`;
}
