import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
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
  /** Gets the same in whole lines, as many as came at once: for a log of thousands of lines a second. */
  onOutput?: (lines: string) => void;
  /** `inherit`: it writes to our own standard output itself, and nobody here reads it. Default `pipe`. */
  stdout?: 'inherit' | 'pipe';
}

const KEPT_LINES = 40;
const KEPT_CHARACTERS = 32_768;
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
    const last = new LastOutput();
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      readLines(stream, (lines) => {
        last.add(lines);
        options.onOutput?.(lines);
        if (options.onLine) for (const line of lines.split('\n').slice(0, -1)) options.onLine(line);
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
      lastLines: () => last.lines(),
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

/** What a process wrote last. Cheap to add to, because every line of a log passes here. */
class LastOutput {
  readonly #parts: string[] = [];
  #characters = 0;

  add(lines: string): void {
    this.#parts.push(lines);
    this.#characters += lines.length;
    while (this.#characters - (this.#parts[0]?.length ?? 0) > KEPT_CHARACTERS) {
      this.#characters -= this.#parts.shift()?.length ?? 0;
    }
  }

  lines(): string {
    return this.#parts.join('').split('\n').slice(0, -1).slice(-KEPT_LINES).join('\n');
  }
}

/** Reads a stream in whole lines, as many as come at once. */
function readLines(stream: Readable, take: (lines: string) => void): void {
  let begun = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const end = text.lastIndexOf('\n') + 1;
    if (end > 0) take(begun + text.slice(0, end));
    begun = end > 0 ? text.slice(end) : begun + text;
  });
  stream.on('end', () => {
    if (begun !== '') take(`${begun}\n`);
  });
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
