import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { debianRoot } from './debian.ts';

/** A program that npm doesn't bring. */
export type ProgramName = 'haproxy' | 'pgbouncer' | 'redis-server';

/** How a program is started: `command`, then `prefix`, then the program's own arguments. */
export interface Program {
  command: string;
  prefix: string[];
  /** Such as `1.24.1`. */
  version: string;
}

/** Below this, PgBouncer knows no prepared statements in transaction mode. */
const PGBOUNCER_SINCE = [1, 21] as const;
const IN_DEBIAN: Record<ProgramName, string> = {
  haproxy: 'usr/sbin/haproxy',
  pgbouncer: 'usr/sbin/pgbouncer',
  'redis-server': 'usr/bin/redis-server',
};

/**
 * Finds a program: an installed one that is new enough, or else Debian's.
 *
 * @throws Error saying in a line why it can't be had on this machine
 */
export async function findProgram(name: ProgramName): Promise<Program> {
  for (const directory of [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']) {
    const command = join(directory, name);
    if (!executable(command)) continue;
    const program = { command, prefix: [] };
    const version = versionOf(name, program);
    if (version !== undefined && newEnough(name, version)) return { ...program, version };
  }
  const { root, loader, libraries } = await debianRoot();
  const program = { command: loader, prefix: ['--library-path', libraries, join(root, IN_DEBIAN[name])] };
  const version = versionOf(name, program);
  if (version === undefined) throw new Error(`Debian's ${name} does not run on this machine`);
  return { ...program, version };
}

function versionOf(name: ProgramName, { command, prefix }: Omit<Program, 'version'>): string | undefined {
  const { stdout } = spawnSync(command, [...prefix, name === 'haproxy' ? '-v' : '--version'], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  return /(?:version|v=|PgBouncer) ?(\d+\.\d+(?:\.\d+)?)/.exec(stdout ?? '')?.[1];
}

function newEnough(name: ProgramName, version: string): boolean {
  if (name !== 'pgbouncer') return true;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > PGBOUNCER_SINCE[0] || (major === PGBOUNCER_SINCE[0] && minor >= PGBOUNCER_SINCE[1]);
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
