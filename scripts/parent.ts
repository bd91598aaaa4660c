import { basename } from 'node:path';
import { commandLine, isAlive, parentOf, processIdentity } from './processes.ts';

const EVERY_MS = 250;
const SHELLS = new Set(['sh', 'dash', 'bash', 'ash', 'busybox', 'zsh']);

/**
 * Calls `end` once when npm, which started us, is gone: SIGKILL can't be passed on, and npm's shell passes on nothing.
 * Only under npm: started by hand and sent to the background, a program outlives its shell on purpose.
 */
export function endWithParent(end: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const shell = process.ppid;
  const npm = isShell(shell) ? parentOf(shell) : undefined;
  const identity = npm === undefined ? undefined : processIdentity(npm);
  // Without /proc the start time would cost a process each time; that the id exists is enough there.
  const npmIsThere = (): boolean =>
    npm === undefined || (process.platform === 'linux' ? processIdentity(npm) === identity : isAlive(npm));
  const timer = setInterval(() => {
    if (process.ppid === shell && npmIsThere()) return;
    clearInterval(timer);
    end();
  }, EVERY_MS);
  timer.unref();
}

function isShell(pid: number): boolean {
  const [program = ''] = commandLine(pid)?.split(' ') ?? [];
  return SHELLS.has(basename(program));
}
