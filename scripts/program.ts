import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Runs `main` when the module at `url` is the program, and not when another module imports it. */
export function runAsProgram(url: string, main: () => Promise<void>): void {
  const program = process.argv[1];
  if (program === undefined || realpathSync(program) !== fileURLToPath(url)) return;
  main().catch(fail);
}

/** Says what is wrong, without a stack, and makes the program end with exit code 1. */
export function fail(error: unknown): void {
  console.error(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
