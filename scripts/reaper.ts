import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './root.ts';

let reaper: ChildProcess | undefined;

/** Starts the reaper with the first process it is told of; one serves all of this process's children. */
function tell(...words: (string | number)[]): void {
  if (reaper === undefined || reaper.exitCode !== null || reaper.signalCode !== null) {
    reaper = spawn(process.execPath, [join(ROOT, 'scripts/reaper.mjs')], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    reaper.stdin?.on('error', () => undefined);
    // Neither the process nor its pipe may keep us running.
    reaper.unref();
    (reaper.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  }
  reaper.stdin?.write(`${words.join('\t')}\n`);
}

/**
 * Promises that `pid` ends when we do, even when we are killed: it then gets `signal`, and SIGKILL ten seconds later.
 * @returns a function that withdraws the promise; call it when the process has ended.
 */
export function reap(pid: number, signal: 'SIGTERM' | 'SIGINT'): () => void {
  tell('watch', pid, signal);
  return () => tell('forget', pid);
}

/** Promises that a temporary directory is removed when we end, even when we are killed. */
export function removeAfterUs(directory: string): void {
  tell('remove', directory);
}
