import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { connect } from 'node:net';
import { until } from '../../../scripts/processes.ts';
import { reap } from '../../../scripts/reaper.ts';

/** A process a check has started. It ends with the check, whatever happens to either. */
export interface Daemon {
  name: string;
  pid: number;
  /** Everything it wrote. */
  output: string[];
  running(): boolean;
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL ten seconds later. @returns its exit code, or the signal that ended it */
  stop(): Promise<number | string>;
}

export interface DaemonOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
}

const READY_MS = 120_000;
const STOP_MS = 10_000;

/**
 * Starts `command` and waits until something answers on `port` of 127.0.0.1 (or until `ready` holds).
 *
 * @throws Error with its output when it ends first, or isn't ready in two minutes
 */
export async function startDaemon(
  name: string,
  [command, ...args]: readonly [string, ...string[]],
  ready: number | (() => Promise<boolean>),
  options: DaemonOptions = {},
): Promise<Daemon> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => output.push(line));
  const { pid } = child;
  if (pid === undefined) throw await once(child, 'error').then(([error]) => error as Error);
  const forget = reap(pid, 'SIGTERM');
  const ended = once(child, 'close').then(([code, signal]) => {
    forget();
    return (code ?? signal) as number | string;
  });
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  const daemon: Daemon = {
    name,
    pid,
    output,
    running,
    signal: (signal) => void child.kill(signal),
    stop: async () => {
      child.kill('SIGTERM');
      if (!(await until(() => !running(), STOP_MS))) child.kill('SIGKILL');
      return ended;
    },
  };
  const answered = await until(
    async () => !running() || (typeof ready === 'number' ? await listens(ready) : await ready()),
    READY_MS,
  );
  if (!running() || !answered) {
    await daemon.stop();
    throw new Error(`${name} did not start:\n${output.slice(-20).join('\n')}`);
  }
  return daemon;
}

/** Whether something accepts connections there. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
