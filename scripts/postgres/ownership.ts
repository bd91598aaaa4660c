import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, isAlive, processIdentity, until } from '../processes.ts';

const STOP_MS = 10_000;

interface Owner {
  pid: number;
  identity: string | undefined;
}

/**
 * Claims a data directory for this process, so that two runs never share it.
 * @throws Error when a living process holds it. One that died without letting go is passed over.
 * @returns a function that lets go.
 */
export function claim(dataDir: string): () => void {
  const file = join(dataDir, 'postgres.owner');
  const holder = readOwner(file);
  if (holder !== undefined && isAlive(holder.pid) && processIdentity(holder.pid) === holder.identity) {
    throw new Error(
      `The data directory ${dataDir} is in use by process ${holder.pid}.\n` +
        'Fix: stop that one (Ctrl-C in its terminal), or give this one a directory of its own with DATA_DIR.',
    );
  }
  rmSync(file, { force: true });
  const me: Owner = { pid: process.pid, identity: processIdentity(process.pid) };
  // `wx`: of two that start at the same moment, one wins.
  writeFileSync(file, JSON.stringify(me), { flag: 'wx', mode: 0o600 });
  return () => rmSync(file, { force: true });
}

function readOwner(file: string): Owner | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const { pid, identity } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Owner>;
    return typeof pid === 'number' ? { pid, identity } : undefined;
  } catch {
    // Half written by a run that was killed at that moment.
    return undefined;
  }
}

/**
 * Stops the server a killed run left on `pgdata`, so that a new one can start there. Committed data is kept.
 * @throws Error when it belongs to another user or doesn't stop in ten seconds.
 * @returns the process id of the orphan that was stopped, if there was one.
 */
export async function stopOrphan(pgdata: string): Promise<number | undefined> {
  const file = join(pgdata, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isPostgresOn(pid, pgdata)) {
    // The machine went down, or another program has that process id now: PostgreSQL would refuse to start on it.
    rmSync(file, { force: true });
    return undefined;
  }
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return pid;
      throw new Error(
        `PostgreSQL (process ${pid}) still runs on ${pgdata} and belongs to another user.\n` +
          `Fix: stop it as that user (kill -INT ${pid}), or set DATA_DIR to another directory.`,
        { cause: error },
      );
    }
    if (await until(() => processIdentity(pid) === undefined && !existsSync(file), STOP_MS)) return pid;
    if (processIdentity(pid) === undefined) return pid;
  }
  throw new Error(`PostgreSQL (process ${pid}) on ${pgdata} did not stop.\nFix: kill -KILL ${pid}, then start again.`);
}

function isPostgresOn(pid: number, pgdata: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === 'win32') return true;
  const command = commandLine(pid);
  return command !== undefined && command.includes('postgres') && command.includes(pgdata);
}
