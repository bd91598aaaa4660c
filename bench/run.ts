import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { installOwnPackage } from '../scripts/own-package.ts';
import { runAsProgram } from '../scripts/program.ts';
import { ROOT } from '../scripts/root.ts';

/** Benchmarks of the product alone, which need nothing installed. */
const ALONE: Readonly<Record<string, string>> = {
  short: 'bench/short.ts',
  scaling: 'bench/scaling/main.ts',
  page: 'bench/page.ts',
};

/**
 * `npm run bench`: installs the alternatives on first use, which are no dependency of the product, and measures.
 * `npm run bench -- short`, `-- scaling` and `-- page` measure the product alone. Other arguments go to the
 * benchmark: `npm run bench -- --rounds=3`.
 */
async function main(): Promise<void> {
  const [first = '', ...rest] = process.argv.slice(2);
  const alone = ALONE[first];
  if (alone === undefined) installOwnPackage('bench', 'The alternatives are no dependency of the product.');
  const program = alone === undefined ? ['bench/main.ts', ...process.argv.slice(2)] : [alone, ...rest];
  const child = spawn(process.execPath, ['--import', 'tsx', ...program], { cwd: ROOT, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}

runAsProgram(import.meta.url, main);
