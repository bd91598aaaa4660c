import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Who the server runs as. `undefined` in the code means: as whoever we are. */
export interface Identity {
  uid: number;
  gid: number;
}

export const runningAsRoot = (): boolean => process.getuid?.() === 0;

/**
 * PostgreSQL refuses to run as root. As root, the server runs as the owner of the existing data directory, so that a
 * directory made by an ordinary user stays theirs, or else as `nobody`.
 */
export function serverIdentity(pgdata: string): Identity | undefined {
  if (!runningAsRoot()) return undefined;
  if (existsSync(pgdata)) {
    const { uid, gid } = statSync(pgdata);
    if (uid !== 0) return { uid, gid };
  }
  return nobody();
}

function nobody(): Identity {
  const line = existsSync('/etc/passwd')
    ? readFileSync('/etc/passwd', 'utf8')
        .split('\n')
        .find((entry) => entry.startsWith('nobody:'))
    : undefined;
  const [, , uid, gid] = line?.split(':') ?? [];
  const identity = { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) };
  // macOS writes nobody as -2, which setuid takes as 4294967294.
  return { uid: identity.uid >>> 0, gid: identity.gid >>> 0 };
}

/** The first directory on the way to `path` that `identity` may not pass through, or `undefined` when all are open. */
export function closedDirectory(path: string, identity: Identity): string | undefined {
  const open = (directory: string): boolean => {
    if (!existsSync(directory)) return true;
    const { mode, uid, gid } = statSync(directory);
    const bit = uid === identity.uid ? 0o100 : gid === identity.gid ? 0o010 : 0o001;
    return (mode & bit) !== 0;
  };
  const parent = dirname(path);
  if (parent === path) return open(path) ? undefined : path;
  return closedDirectory(parent, identity) ?? (open(path) ? undefined : path);
}

/** Lets others pass through (not read) a directory of ours. */
export function allowTraversal(directory: string): void {
  const { mode, uid } = statSync(directory);
  if (uid === process.getuid?.() && (mode & 0o001) === 0) chmodSync(directory, (mode & 0o7777) | 0o011);
}
