import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Whether a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * What tells this process from a later one that got the same id: its start time, in whatever form the system gives it.
 * `undefined` when there is no such process (a zombie counts as none) or the system can't say.
 */
export function processIdentity(pid: number): string | undefined {
  if (!existsSync('/proc/self/stat')) return ps(pid, 'lstart');
  const fields = statFields(pid);
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[19];
}

/** The process that started this one, or `undefined` when it is gone or the system can't say. */
export function parentOf(pid: number): number | undefined {
  const parent = Number(existsSync('/proc/self/stat') ? statFields(pid)?.[1] : ps(pid, 'ppid'));
  return Number.isInteger(parent) && parent > 0 ? parent : undefined;
}

/** The words of a process's command line joined by spaces, or `undefined` when there is no such process. */
export function commandLine(pid: number): string | undefined {
  if (existsSync('/proc/self/stat')) return readProc(pid, 'cmdline')?.split('\0').join(' ').trim();
  return ps(pid, 'command');
}

/** Waits until `condition` holds. @returns whether it did within `timeoutMs`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  everyMs = 25,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() >= deadline) return false;
    await new Promise((done) => setTimeout(done, everyMs));
  }
  return true;
}

/** The name in parentheses may hold spaces; fields are counted after it: state, parent, … start time is the 20th. */
function statFields(pid: number): string[] | undefined {
  const stat = readProc(pid, 'stat');
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

function ps(pid: number, column: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}
