import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './root.ts';

const NOT_SOURCES = new Set([
  'node_modules',
  'dist',
  '.next',
  'coverage',
  'test',
  'bench',
  'next-env.d.ts',
  'tsconfig.tsbuildinfo',
]);
const TESTS = /\.(spec|test)\.tsx?$/;

/**
 * A hash over everything a build depends on: the contents of `paths` (tests apart), and the version of Node.
 * @param paths files and directories of the repository, relative to its root; missing ones count as empty
 */
export function stampOf(paths: readonly string[]): string {
  const hash = createHash('sha256').update(process.versions.node);
  for (const file of paths.flatMap((path) => sources(join(ROOT, path)))) {
    hash.update(`\0${relative(ROOT, file)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Whether `output` was built from what `stamp` says. */
export function isBuilt(output: string, stamp: string): boolean {
  const file = join(ROOT, output);
  return existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

/** Remembers what `output` was built from; call it when the build has succeeded. */
export function markBuilt(output: string, stamp: string): void {
  writeFileSync(join(ROOT, output), stamp);
}

function sources(path: string): string[] {
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter(({ name }) => !NOT_SOURCES.has(name) && !TESTS.test(name))
      .map(({ name }) => join(path, name))
      .toSorted()
      .flatMap(sources);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return [path];
    throw error;
  }
}
