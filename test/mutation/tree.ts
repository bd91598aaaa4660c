import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commonTokens } from '@stryker-mutator/api/plugin';
import { createInstrumenter } from '@stryker-mutator/instrumenter';
import { createInjector } from 'typed-inject';
import { ROOT } from '../../scripts/root.ts';

/** One change to a line of code. */
export interface Mutant {
  readonly id: string;
  /** From the repository's root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly mutator: string;
  readonly replacement: string;
}

const SILENT = () => undefined;
const NO_LOG = {
  isDebugEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  isInfoEnabled: () => false,
  isTraceEnabled: () => false,
  isWarnEnabled: () => false,
  debug: SILENT,
  error: SILENT,
  fatal: SILENT,
  info: SILENT,
  trace: SILENT,
  warn: SILENT,
};

/**
 * A copy of the repository, what isn't committed included, in which StrykerJS has put every change into the given
 * files: each behind a switch, so that they are tried without writing or loading anything anew.
 */
export async function plantMutants(tree: string, files: readonly string[]): Promise<Mutant[]> {
  copyRepository(tree);
  const injector = createInjector()
    .provideValue(commonTokens.logger, NO_LOG)
    .provideValue(commonTokens.getLogger, () => NO_LOG);
  const sources = files.map((file) => ({
    name: join(tree, file),
    mutate: true,
    content: readFileSync(join(tree, file), 'utf8'),
  }));
  const options = { plugins: null, excludedMutations: [], ignorers: [], noHeader: false, mutator: {} };
  const planted = await injector.injectFunction(createInstrumenter).instrument(sources, options);
  for (const { name, content } of planted.files) writeFileSync(name, content);
  return planted.mutants.map(({ id, fileName, location, mutatorName, replacement }) => ({
    id,
    file: fileName.slice(tree.length + 1),
    // StrykerJS counts lines from 0 here, and columns too.
    line: location.start.line + 1,
    column: location.start.column + 1,
    mutator: mutatorName,
    replacement,
  }));
}

function copyRepository(tree: string): void {
  rmSync(tree, { recursive: true, force: true });
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: ROOT, encoding: 'utf8' });
  const files = listed.split('\0').filter((file) => file !== '' && existsSync(join(ROOT, file)));
  for (const file of files) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    cpSync(join(ROOT, file), join(tree, file));
  }
  for (const manifest of files.filter((file) => /(?:^|\/)package\.json$/.test(file))) {
    // npm keeps a package with one workspace when another needs another version.
    const modules = join(dirname(manifest), 'node_modules');
    if (existsSync(join(ROOT, modules))) symlinkSync(join(ROOT, modules), join(tree, modules), 'dir');
  }
}
