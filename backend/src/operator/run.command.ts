import { environment, type Environment } from '../env.ts';

/** What a command is given: the environment, and where each of its steps is told in a line. */
type Command = (given: Environment, log: (line: string) => void) => Promise<unknown>;

/** Runs a command with the process's environment. An error is its message alone, and exit code 1. */
export function runCommand(command: Command): void {
  const run = async (): Promise<unknown> => command(environment(), (line) => console.log(line));
  run().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
