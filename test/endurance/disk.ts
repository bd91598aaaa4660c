import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { DatabaseServer } from './database.server.ts';

const DISK_FULL = '53100';
const SIZE = '24m';

/** A full disk under the table of tasks. */
export interface FullDisk {
  /** How it was done: a small disk of its own, or errors raised in its place. */
  readonly how: 'tmpfs' | 'trigger';
  /** Makes room again. */
  free(): Promise<void>;
  /** Puts everything back where it was. */
  remove(): Promise<void>;
}

/**
 * Fills the disk under the table of tasks. Where a disk can be mounted (Linux, root) it is a real one of 24 MB;
 * elsewhere a trigger raises PostgreSQL's error for it.
 */
export async function fillDisk(server: DatabaseServer): Promise<FullDisk> {
  const directory = join(server.dataDir, 'small-disk');
  return mountSmallDisk(directory, server.dataDir)
    ? fillSmallDisk(server.owner, directory)
    : raiseDiskFull(server.owner);
}

function mountSmallDisk(directory: string, dataDir: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  mkdirSync(directory, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    return false;
  }
  // On exit the directory must be removable, whatever happened.
  process.once('exit', () => unmount(directory));
  const { uid, gid } = statSync(join(dataDir, 'postgres.log'));
  chownSync(directory, uid, gid);
  return true;
}

function unmount(directory: string): void {
  // -l: PostgreSQL may still hold a file open.
  spawnSync('umount', ['-l', directory], { stdio: 'ignore' });
}

async function fillSmallDisk(owner: pg.Pool, directory: string): Promise<FullDisk> {
  await owner.query(`create tablespace small location '${directory}'`);
  await owner.query('alter table task set tablespace small');
  await owner.query('create table filler (bytes text) tablespace small');
  // Large steps first, then single pages, until not one more fits.
  for (const rows of [200, 1]) {
    while (await fits(owner, rows));
  }
  return {
    how: 'tmpfs',
    free: async () => {
      // Not TRUNCATE, which would need a page for the table's new file.
      await owner.query('drop table filler');
    },
    remove: async () => {
      await owner.query('alter table task set tablespace pg_default');
      await owner.query('drop tablespace small');
      unmount(directory);
    },
  };
}

async function fits(owner: pg.Pool, rows: number): Promise<boolean> {
  try {
    // Rows of half a page that don't compress.
    await owner.query(
      "insert into filler select (select string_agg(md5(random()::text || part), '') " +
        'from generate_series(1, 120) as part) from generate_series(1, $1)',
      [rows],
    );
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === DISK_FULL) return false;
    throw error;
  }
}

async function raiseDiskFull(owner: pg.Pool): Promise<FullDisk> {
  await owner.query(`
    create function disk_is_full() returns trigger language plpgsql as $$
    begin
      raise exception 'could not extend file: No space left on device' using errcode = '${DISK_FULL}';
    end $$;
    create trigger disk_is_full before insert or update on task for each row execute function disk_is_full()`);
  const free = async (): Promise<void> => {
    await owner.query('drop function if exists disk_is_full() cascade');
  };
  return { how: 'trigger', free, remove: free };
}
