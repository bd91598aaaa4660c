import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import type { PostgresBinaries } from './binaries.ts';
import { allowTraversal, closedDirectory, serverIdentity, type Identity } from './identity.ts';

/** Where the server's files are and who it runs as, once the permissions are known to fit. */
export interface Placement {
  binaries: PostgresBinaries;
  /** PostgreSQL's own directory. */
  pgdata: string;
  identity: Identity | undefined;
  /** What the user should know, when something lies elsewhere than expected. */
  note: string | undefined;
}

/** Only root can write here and anyone can pass through: the way out of a repository under /root. */
const SYSTEM_DIRECTORY = '/var/lib/session-guard';

/**
 * Decides where PostgreSQL's programs and data are used from: where they are, for an ordinary user. As root, the server
 * runs as an unprivileged user. What that user can't reach (below `/root`, say) is replaced, in
 * `/var/lib/session-guard`, by a copy of the programs and another directory for the data.
 * @throws Error when there is no such place; the message names the closed directory and the ways out.
 */
export function place(dataDir: string, installed: PostgresBinaries): Placement {
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const directory = realpathSync(dataDir);
  const expected = join(directory, 'postgres');
  const identity = serverIdentity(expected);
  if (identity === undefined) {
    refuseForeign(expected);
    return { binaries: installed, pgdata: expected, identity, note: undefined };
  }

  allowTraversal(directory);
  const notes: string[] = [];
  let pgdata = expected;
  const closed = closedDirectory(directory, identity);
  if (closed !== undefined) {
    const key = createHash('sha256').update(directory).digest('hex').slice(0, 12);
    const home = join(SYSTEM_DIRECTORY, key);
    makeSystemDirectory(home, closed);
    pgdata = join(home, 'postgres');
    writeFileSync(join(directory, 'postgres.location'), `${pgdata}\n`, { mode: 0o644 });
    notes.push(`its data is in ${pgdata}, because ${closed} is closed to the user it runs as`);
  }
  let binaries = installed;
  if (!canRun(installed, identity)) {
    const home = join(SYSTEM_DIRECTORY, `postgres-${installed.version}`);
    makeSystemDirectory(SYSTEM_DIRECTORY, installed.home);
    copyOnce(installed.home, home);
    binaries = { ...installed, home, initdb: join(home, 'bin/initdb'), postgres: join(home, 'bin/postgres') };
    if (!canRun(binaries, identity)) throw unreachable(installed.home);
    notes.push(`its programs were copied to ${home}`);
  }
  return {
    binaries,
    pgdata,
    identity: existsSync(pgdata) ? serverIdentity(pgdata) : identity,
    note: notes.join('; ') || undefined,
  };
}

/** A data directory made by root belongs to `nobody`; an ordinary user would only see "permission denied". */
function refuseForeign(pgdata: string): void {
  const uid = process.getuid?.();
  if (uid === undefined || !existsSync(pgdata) || statSync(pgdata).uid === uid) return;
  throw new Error(
    `${pgdata} belongs to another user (it was made by a run as root, or as somebody else).\n` +
      'Fix: start as that user again, give the directory to yourself (chown -R), ' +
      'or set DATA_DIR to a directory of your own.',
  );
}

function canRun(binaries: PostgresBinaries, identity: Identity): boolean {
  const { status } = spawnSync(binaries.postgres, ['--version'], { ...identity, cwd: '/', stdio: 'ignore', env: {} });
  return status === 0;
}

function makeSystemDirectory(directory: string, closed: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o755 });
    for (const made of [SYSTEM_DIRECTORY, directory]) {
      if (statSync(made).uid !== 0) throw new Error(`${made} does not belong to root`);
      chmodSync(made, 0o755);
    }
  } catch (error) {
    throw unreachable(closed, error);
  }
}

function unreachable(closed: string, cause?: unknown): Error {
  return new Error(
    'PostgreSQL refuses to run as root, so it runs as an unprivileged user, and that user may not enter ' +
      `${closed}; ${SYSTEM_DIRECTORY} could not be used instead.\n` +
      'Fix: move the repository out of directories that are closed to others (mode 0700, like /root), start it as an ' +
      'ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
    { cause },
  );
}

/** Copies into a neighbour and renames it, so that a copy cut short is never used. */
function copyOnce(from: string, to: string): void {
  if (existsSync(to)) return;
  const partial = `${resolve(to)}.${process.pid}`;
  cpSync(from, partial, { recursive: true, verbatimSymlinks: true });
  openToReaders(partial);
  renameSync(partial, to);
  rmSync(partial, { recursive: true, force: true });
}

function openToReaders(directory: string): void {
  spawnSync('chmod', ['-R', 'a+rX', directory]);
}
