import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Runs a program to its end. @returns what it printed @throws Error with all it printed when it fails */
export function run(program: string, args: readonly string[], cwd: string, timeoutMs = 90_000): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      program,
      [...args],
      { cwd, timeout: timeoutMs, maxBuffer: 1 << 26, env: environment() },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`${program} ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error }));
        else resolve(stdout);
      },
    );
  });
}

/** A server that has said where it listens. */
export interface Server {
  readonly url: string;
  /** All it printed so far. */
  output(): string;
  stop(): Promise<number | null>;
}

/** Starts a program and waits for its line `listening <url>`. */
export async function serve(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<Server> {
  const child: ChildProcess = spawn(program, [...args], {
    cwd,
    env: { ...environment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  child.stderr?.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    if (!child.stdout) return reject(new Error('no standard output'));
    createInterface({ input: child.stdout }).on('line', (line) => {
      printed.push(`${line}\n`);
      if (line.startsWith('listening ')) resolve(line.slice('listening '.length));
    });
    void ended.then((code) => reject(new Error(`ended with ${String(code)} before it listened:\n${printed.join('')}`)));
  });
  return {
    url,
    output: () => printed.join(''),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Jest's own settings must not reach a stranger's programs. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NODE_ENV: _env, JEST_WORKER_ID: _worker, ...env } = process.env;
  return env;
}
