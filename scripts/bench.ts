import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runAsProgram } from './program.ts';
import { ROOT } from './root.ts';

/** Benchmarks of the product alone, which need nothing installed. */
const ALONE: Readonly<Record<string, string>> = { short: 'bench/short.ts', scaling: 'bench/scaling/main.ts', page: 'bench/page.ts' };

/**
 * `npm run bench`: installs the alternatives on first use, which are no dependency of the product, and measures.
 * `npm run bench -- short`, `-- scaling` and `-- page` measure the product alone. Other arguments go to the
 * benchmark: `npm run bench -- --rounds=3`.
 */
async function main(): Promise<void> {
  const [first = '', ...rest] = process.argv.slice(2);
  const alone = ALONE[first];
  if (alone === undefined && !isInstalled()) install();
  const program = alone === undefined ? ['bench/main.ts', ...process.argv.slice(2)] : [alone, ...rest];
  const child = spawn(process.execPath, ['--import', 'tsx', ...program], { cwd: ROOT, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}

/** npm keeps a copy of the lockfile's packages in node_modules, once all of them are there. */
function isInstalled(): boolean {
  const installed = join(ROOT, 'bench/node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  return versions(installed) === versions(join(ROOT, 'bench/package-lock.json'));
}

function versions(lockfile: string): string {
  const { packages } = JSON.parse(readFileSync(lockfile, 'utf8')) as { packages: Record<string, { version?: string; optional?: boolean }> };
  const required = Object.entries(packages).filter(([path, { optional }]) => path !== '' && optional !== true);
  return required.map(([path, { version }]) => `${path} ${version}`).toSorted().join('\n');
}

function install(): void {
  console.log('\n  The alternatives are no dependency of the product. Installing them into bench/ (once): npm ci --prefix bench\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status } = spawnSync(npm, ['ci', '--prefix', 'bench', '--workspaces=false', '--no-audit', '--no-fund'], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new Error('The alternatives could not be installed.\nFix: see what npm printed above, then npm run bench again.');
}

runAsProgram(import.meta.url, main);
