import { SQLSTATE, sqlStateOf } from '@session-guard/core';
import type pg from 'pg';

/** Any number, the same for every migration of this product: two at once would run the same migration twice. */
const LOCK = 7_362_540;
/** Milliseconds until it is looked at who has the lock. */
const LOOK_AFTER_MS = 5_000;

const HOLDERS = `
  select a.pid, a.usename as role, a.usename = current_user as ours
  from pg_locks l join pg_stat_activity a on a.pid = l.pid
  where l.locktype = 'advisory' and l.granted and l.classid = 0 and l.objid = $1 and l.objsubid = 1
    and l.database = (select oid from pg_database where datname = current_database())`;

/** Somebody who is no migration has the lock of migrations. */
export class MigrationLockError extends Error {
  override readonly name = 'MigrationLockError';
}

/**
 * Takes the lock of migrations for the rest of the session. Another migration is waited for, however long it takes.
 * Every role of a database may take such a lock, the API's too: of one that is not ours it is said who has it.
 *
 * @throws {MigrationLockError} naming the process and its role
 */
export async function lockMigrations(owner: pg.Client): Promise<void> {
  await owner.query(`set lock_timeout = ${LOOK_AFTER_MS}`);
  for (;;) {
    try {
      await owner.query('select pg_advisory_lock($1)', [LOCK]);
      await owner.query('reset lock_timeout');
      return;
    } catch (error) {
      if (sqlStateOf(error) !== SQLSTATE.lockNotAvailable) throw error;
    }
    const { rows } = await owner.query<{ pid: number; role: string; ours: boolean }>(HOLDERS, [LOCK]);
    const stranger = rows.find(({ ours }) => !ours);
    if (stranger === undefined) continue;
    throw new MigrationLockError(
      `The lock of migrations is held by process ${stranger.pid} of the role "${stranger.role}", which runs none. ` +
        `Look at what it does (pg_stat_activity), and end it: select pg_terminate_backend(${stranger.pid});`,
    );
  }
}
