import { cpSync, existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ROOT } from '../../scripts/root.ts';

/** What the generator, the API's own suites and the linter need of the repository. */
const COPIED = [
  'backend',
  'frontend',
  'docs',
  'libs',
  'scripts',
  'test',
  'package.json',
  'package-lock.json',
  'nest-cli.json',
  'jest.config.mjs',
  'tsconfig.json',
  'tsconfig.base.json',
  '.oxlintrc.json',
];
const LEFT_OUT = new Set(['node_modules', 'dist', '.next', '.data', '.stamp']);
const WITH_MODULES = [
  '.',
  'backend',
  'frontend',
  'libs/api-client',
  'libs/core',
  'libs/session-auth',
  'libs/user-isolation',
  'libs/schematics',
];

/** A copy of the repository in a temporary folder, for tests of the generator. Its packages are the repository's. */
export function copyRepository(): string {
  const copy = mkdtempSync(join(tmpdir(), 'session-guard-generate-'));
  for (const entry of COPIED) {
    if (existsSync(join(ROOT, entry)))
      cpSync(join(ROOT, entry), join(copy, entry), {
        recursive: true,
        filter: (source) => !LEFT_OUT.has(basename(source)),
      });
  }
  for (const folder of WITH_MODULES) {
    const modules = join(ROOT, folder, 'node_modules');
    if (existsSync(modules)) symlinkSync(modules, join(copy, folder, 'node_modules'));
  }
  return copy;
}
