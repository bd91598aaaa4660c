import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../scripts/ports.ts';
import { until } from '../scripts/processes.ts';
import { reap, removeAfterUs } from '../scripts/reaper.ts';
import { ROOT } from '../scripts/root.ts';

/** A contender that listens. */
export interface App {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  /** Milliseconds from the process's start to its first answer. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

/** How a contender is started. */
export interface AppOptions {
  /** Arguments of node. */
  readonly command: readonly string[];
  /** Beside PATH and NODE_ENV=production. */
  readonly env: (port: number) => NodeJS.ProcessEnv;
  /** Answers once it listens, with whatever status. */
  readonly path: string;
}

const READY_MS = 120_000;

/** Starts one contender and waits for its first answer. What it logs goes to a file, which is removed at the end. */
export async function startApp(name: string, { command, env, path }: AppOptions): Promise<App> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'session-guard-log-'));
  removeAfterUs(directory);
  const log = openSync(join(directory, 'log'), 'w', 0o600);
  const started = performance.now();
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env(port) },
    stdio: ['ignore', log, 'pipe'],
  });
  closeSync(log);
  if (child.pid === undefined) throw new Error(`${name} could not be started.`);
  const forget = reap(child.pid, 'SIGTERM');
  const errors: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const answered = await until(
    async () => ended(child) || (await answers(`http://127.0.0.1:${port}${path}`)),
    READY_MS,
    10,
  );
  if (!answered || ended(child)) throw new Error(`${name} does not answer:\n${errors.join('').slice(-4_000)}`);
  const readyMs = performance.now() - started;
  const stop = async (): Promise<void> => {
    if (!ended(child)) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    forget();
  };
  return { name, port, pid: child.pid, readyMs, stop };
}

function ended(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return true;
  } catch {
    return false;
  }
}

/**
 * Milliseconds of processor time a process and those it started have used so far, all threads; undefined where the
 * system can't say.
 */
export function cpuMs(pid: number): number | undefined {
  try {
    // In nanoseconds; /proc/<pid>/stat would count in steps of ten milliseconds.
    const threads = readdirSync(`/proc/${pid}/task`).map((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'),
    );
    const own = threads.reduce((sum, line) => sum + Number(line.split(' ')[0]), 0) / 1e6;
    return childrenOf(pid).reduce((sum, child) => sum + (cpuMs(child) ?? 0), own);
  } catch {
    return undefined;
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((other) => {
      try {
        // "<pid> (<name>) <state> <parent> …"; the name may hold spaces.
        return Number(readFileSync(`/proc/${other}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]) === pid;
      } catch {
        return false;
      }
    });
}

/** Resident memory in MiB, now and at most so far. */
export function memoryOf(pid: number): { readonly now: number; readonly most: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const read = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1_024;
    return { now: read('VmRSS'), most: read('VmHWM') };
  } catch {
    return undefined;
  }
}
