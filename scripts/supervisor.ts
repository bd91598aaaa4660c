import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { until } from './processes.ts';
import { reap } from './reaper.ts';
import { ROOT } from './root.ts';

/** One process under supervision. */
export interface Supervised {
  name: string;
  pid: number;
  /** Resolves with the exit code, or the signal's name, when the process has ended. */
  ended: Promise<number | NodeJS.Signals>;
  running(): boolean;
  /** Its last lines on the streams that are read, at most forty. */
  lastLines(): string;
}

export interface SpawnOptions {
  env: NodeJS.ProcessEnv;
  /** Default: the repository. */
  cwd?: string;
  /** Gets every line the process writes. */
  onLine?: (line: string) => void;
  /** `inherit`: it writes to our own standard output itself, and nobody here reads it. Default `pipe`. */
  stdout?: 'inherit' | 'pipe';
}

const KEPT_LINES = 40;
const GRACE_MS = 10_000;

/**
 * Starts processes and stops every one of them, whatever happens.
 * Each runs in a process group of its own: Ctrl-C reaches us alone, and what a child has started is stopped with it.
 */
export class Supervisor {
  readonly #children = new Map<Supervised, ChildProcess>();
  #stopping: Promise<void> | undefined;

  /** Starts `node` with `args`. The environment is exactly `options.env`. */
  spawnNode(name: string, args: readonly string[], options: SpawnOptions): Supervised {
    if (this.#stopping !== undefined) throw new Error(`${name} was not started: everything is being stopped.`);
    const child = spawn(process.execPath, args, {
      cwd: options.cwd ?? ROOT,
      env: options.env,
      stdio: ['ignore', options.stdout ?? 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    const { pid } = child;
    if (pid === undefined) throw new Error(`${name} could not be started (${process.execPath}).`);
    const forget = reap(group(pid), 'SIGTERM');
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (lines.length > KEPT_LINES) lines.shift();
        options.onLine?.(line);
      });
    }
    const supervised: Supervised = {
      name,
      pid,
      // `close` rather than `exit`: by then its last words have been read.
      ended: once(child, 'close').then(([code, signal]) => {
        forget();
        this.#children.delete(supervised);
        return (code ?? signal) as number | NodeJS.Signals;
      }),
      running: () => child.exitCode === null && child.signalCode === null,
      lastLines: () => lines.join('\n'),
    };
    this.#children.set(supervised, child);
    return supervised;
  }

  /**
   * Runs `node` with `args` to its end.
   * @throws Error with its last lines when it fails.
   */
  async runNode(name: string, args: readonly string[], options: SpawnOptions): Promise<void> {
    const child = this.spawnNode(name, args, options);
    const result = await child.ended;
    if (result !== 0) throw new Error(`${name} failed (${result}):\n${child.lastLines()}`);
  }

  /** Stops one of them, as {@link stop} does all. */
  async end(supervised: Supervised): Promise<void> {
    const child = this.#children.get(supervised);
    if (child !== undefined) await end(supervised, child);
  }

  /** SIGTERM to all, SIGKILL to those who are still there ten seconds later. */
  stop(): Promise<void> {
    this.#stopping ??= Promise.all([...this.#children].map(([supervised, child]) => end(supervised, child))).then(
      () => undefined,
    );
    return this.#stopping;
  }

  /** SIGKILL to all, for a person who asked twice. */
  kill(): void {
    for (const { pid } of this.#children.keys()) signal(pid, 'SIGKILL');
  }
}

async function end(supervised: Supervised, child: ChildProcess): Promise<void> {
  signal(supervised.pid, 'SIGTERM');
  const gone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  if (!(await until(gone, GRACE_MS))) signal(supervised.pid, 'SIGKILL');
  await supervised.ended;
  // What it may have started, had it not stopped that itself.
  signal(supervised.pid, 'SIGKILL');
}

function group(pid: number): number {
  return process.platform === 'win32' ? pid : -pid;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(group(pid), name);
  } catch {
    // Gone already.
  }
}
