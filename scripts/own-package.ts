import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.ts';

/**
 * Installs a folder that is a package of its own, unless all of its lockfile is there: what only some need shall not
 * make `npm ci` slower for everybody.
 *
 * @param why said before installing
 * @throws Error when npm fails
 */
export function installOwnPackage(folder: string, why: string): void {
  if (isInstalled(folder)) return;
  console.log(`\n  ${why} Installing into ${folder}/ (once): npm ci --prefix ${folder}\n`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status } = spawnSync(npm, ['ci', '--prefix', folder, '--workspaces=false', '--no-audit', '--no-fund'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (status !== 0)
    throw new Error(`${folder}/ could not be installed.\nFix: see what npm printed above, then try again.`);
}

/** npm keeps a copy of the lockfile's packages in node_modules, once all of them are there. */
function isInstalled(folder: string): boolean {
  const installed = join(ROOT, folder, 'node_modules/.package-lock.json');
  return existsSync(installed) && versions(installed) === versions(join(ROOT, folder, 'package-lock.json'));
}

function versions(lockfile: string): string {
  const { packages } = JSON.parse(readFileSync(lockfile, 'utf8')) as {
    packages: Record<string, { version?: string; optional?: boolean }>;
  };
  const required = Object.entries(packages).filter(([path, { optional }]) => path !== '' && optional !== true);
  return required
    .map(([path, { version }]) => `${path} ${version}`)
    .toSorted()
    .join('\n');
}
