import { chmodSync, cpSync, lchownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres, type EmbeddedPostgres } from '../../../scripts/postgres/embedded.ts';
import { databaseUrl } from '../../server.ts';

export interface ReplicaOptions {
  primary: EmbeddedPostgres;
  /** `DATA_DIR` of the primary, and of the replica to be made. */
  from: string;
  to: string;
  /** Names the replication slot and, for `synchronous_standby_names`, the replica. */
  name: string;
  maxConnections: number;
}

/** Files that a base backup leaves out: https://www.postgresql.org/docs/18/continuous-archiving.html */
const NOT_COPIED = new RegExp(
  String.raw`^(?:postmaster\.(?:pid|opts)|pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|` +
    String.raw`pg_stat_tmp|pg_subtrans|postgresql\.auto\.conf)$`,
);

/**
 * Makes a streaming replica without pg_basebackup, which npm's PostgreSQL lacks: the data directory is copied between
 * pg_backup_start and pg_backup_stop, and the rest arrives through a replication slot.
 */
export async function startReplica({
  primary,
  from,
  to,
  name,
  maxConnections,
}: ReplicaOptions): Promise<EmbeddedPostgres> {
  const source = join(from, 'postgres');
  const target = join(to, 'postgres');
  mkdirSync(to, { recursive: true, mode: 0o755 });
  const client = new pg.Client({ connectionString: databaseUrl(primary.url, 'postgres') });
  await client.connect();
  try {
    await client.query('select pg_create_physical_replication_slot($1, true)', [name]);
    await client.query('select pg_backup_start($1, true)', [name]);
    cpSync(source, target, {
      recursive: true,
      filter: (path) => path === source || !NOT_COPIED.test(path.slice(source.length + 1)),
    });
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    writeFileSync(join(target, 'backup_label'), rows[0]?.labelfile ?? '');
  } finally {
    await client.end();
  }
  for (const directory of [
    'pg_wal',
    'pg_replslot',
    'pg_dynshmem',
    'pg_notify',
    'pg_serial',
    'pg_snapshots',
    'pg_stat_tmp',
    'pg_subtrans',
  ]) {
    mkdirSync(join(target, directory), { recursive: true });
  }
  const { password } = new URL(primary.url);
  writeFileSync(
    join(target, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=127.0.0.1 port=${primary.port} user=postgres password=${password} ` +
      `application_name=${name}'\nprimary_slot_name = '${name}'\n`,
    { mode: 0o600 },
  );
  writeFileSync(join(target, 'standby.signal'), '');
  writeFileSync(join(to, 'postgres.password'), readFileSync(join(from, 'postgres.password')), { mode: 0o600 });
  const { uid, gid } = statSync(source);
  give(target, uid, gid);
  chmodSync(target, 0o700);
  return startPostgres({ dataDir: to, maxConnections });
}

/** Makes the replica the primary. @returns milliseconds it took until it accepted writes */
export async function promote(replica: EmbeddedPostgres): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl(replica.url, 'postgres') });
  await client.connect();
  try {
    const start = performance.now();
    await client.query('select pg_promote(true, 30)');
    return performance.now() - start;
  } finally {
    await client.end();
  }
}

function give(path: string, uid: number, gid: number): void {
  lchownSync(path, uid, gid);
  if (!statSync(path).isDirectory()) return;
  for (const entry of readdirSync(path)) give(join(path, entry), uid, gid);
}
