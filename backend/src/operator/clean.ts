import pg from 'pg';
import { OWNER_SETTING } from '@session-guard/isolation';
import type { Environment } from '../env.ts';
import { KEPT_HOURS } from '../idempotency/idempotency-key.ts';
import { DELETED_KEPT_DAYS } from '../tasks/task.limits.ts';
import { ownerUrl } from './owner-url.ts';

/** What {@link clean} needs. */
export interface CleanOptions {
  /** Connection string of the owner of Better Auth's tables; not through a transaction pooler. */
  readonly databaseUrl: string;
  /** Rows of one transaction. @default 1,000 */
  readonly batch?: number;
  /** Told each step in a line. @default silence */
  readonly log?: (line: string) => void;
}

/** Rows that were removed, by table. A table that isn't there is left out. */
export type Cleaned = Record<string, number>;

/**
 * What nobody can use any more, by the database's clock. The margins are for people: whoever asks why somebody was
 * signed out this morning still finds the row.
 */
const EXPIRED: readonly { table: string; where: string }[] = [
  { table: 'session', where: `"expiresAt" < now() - interval '1 day'` },
  { table: 'verification', where: `"expiresAt" < now() - interval '1 day'` },
  // Milliseconds. Better Auth's windows are seconds to minutes long.
  { table: 'rateLimit', where: `"lastRequest" < (extract(epoch from now() - interval '1 hour') * 1000)::bigint` },
];

/** What users own. */
const OWNED: readonly { table: string; where: string }[] = [
  { table: 'idempotency_key', where: `created_at < now() - interval '${KEPT_HOURS} hours'` },
  { table: 'task', where: `deleted_at < now() - interval '${DELETED_KEPT_DAYS} days'` },
];

/**
 * Removes expired sessions and verifications, old rate limits and idempotency keys, and tasks that were deleted a month
 * ago, in batches of one transaction each: no lock is held for long, and rows in use are passed over until the next
 * run. Safe at any time, beside running applications and beside itself.
 *
 * An expired session is refused already; its removal tells every API to forget what it does not remember.
 *
 * @throws the driver's error; what was removed before stays removed
 */
export async function clean({ databaseUrl, batch = 1_000, log = () => undefined }: CleanOptions): Promise<Cleaned> {
  const owner = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'session-guard-clean',
    connectionTimeoutMillis: 10_000,
    statement_timeout: 60_000,
  });
  await owner.connect();
  try {
    await owner.query(`set lock_timeout = '2s'`);
    const cleaned: Cleaned = {};
    for (const { table, where } of EXPIRED) {
      if (await exists(owner, table)) cleaned[table] = await inBatches(owner, table, where, batch);
    }
    for (const { table, where } of OWNED) {
      if (await exists(owner, table)) cleaned[table] = await cleanOwned(owner, table, where, batch);
    }
    if (await exists(owner, 'task_usage'))
      await owner.query('delete from task_usage where not exists (select from "user" where id = user_id)');
    const counts = Object.entries(cleaned).map(([table, count]) => `${count} of ${table}`);
    log(counts.length > 0 ? `removed ${counts.join(', ')}` : 'nothing to clean: the tables are not there yet');
    return cleaned;
  } finally {
    await owner.end();
  }
}

async function exists(owner: pg.Client, table: string): Promise<boolean> {
  const { rows } = await owner.query<{ there: boolean }>('select to_regclass(quote_ident($1)) is not null as there', [
    table,
  ]);
  return rows[0]?.there === true;
}

async function inBatches(owner: pg.Client, table: string, where: string, batch: number): Promise<number> {
  const name = owner.escapeIdentifier(table);
  let total = 0;
  for (;;) {
    const { rowCount } = await owner.query(
      `delete from ${name} where id in (select id from ${name} where ${where} limit $1 for update skip locked)`,
      [batch],
    );
    total += rowCount ?? 0;
    if ((rowCount ?? 0) < batch) return total;
  }
}

/**
 * Row level security is forced on these tables: even their owner sees one user's rows at a time, and says whose. So the
 * users are gone through, a batch of them in each transaction.
 */
async function cleanOwned(owner: pg.Client, table: string, where: string, batch: number): Promise<number> {
  let total = 0;
  let after: string | null = null;
  do {
    await owner.query('begin');
    try {
      const from = after === null ? '' : 'where id > $2';
      // Ids are text or uuid: parameters take the column's type, and its index serves.
      const found: pg.QueryResult<{ id: string }> = await owner.query(
        `select id::text as id from "user" ${from} order by id limit $1`,
        after === null ? [batch] : [batch, after],
      );
      for (const { id } of found.rows) {
        await owner.query('select set_config($1, $2, true)', [OWNER_SETTING, id]);
        const { rowCount } = await owner.query(
          `delete from ${owner.escapeIdentifier(table)} where user_id = $1 and ${where}`,
          [id],
        );
        total += rowCount ?? 0;
      }
      await owner.query('commit');
      after = found.rows.length < batch ? null : (found.rows.at(-1)?.id ?? null);
    } catch (error) {
      await owner.query('rollback');
      throw error;
    }
  } while (after !== null);
  return total;
}

/** @throws {EnvError} naming each wrong or missing variable and its fix */
export function cleanOptions(given: Environment): CleanOptions {
  return { databaseUrl: ownerUrl(given) };
}
