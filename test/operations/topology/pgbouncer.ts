import { chmodSync, chownSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../../scripts/ports.ts';
import { removeAfterUs } from '../../../scripts/reaper.ts';
import { serverIdentity } from '../../../scripts/postgres/identity.ts';
import type { Program } from '../programs/programs.ts';
import { startDaemon, type Daemon } from '../programs/daemon.ts';

/** A PgBouncer in transaction mode, in front of one database. */
export interface Pooler {
  daemon: Daemon;
  /** The same connection string with the pooler's address. */
  through(url: string): string;
  /** Drops the server connections of a primary that is no more. */
  reconnect(): Promise<void>;
  /** A row of its console, such as `show pools`. */
  show(what: 'pools' | 'stats'): Promise<Record<string, unknown>[]>;
}

export interface PoolerOptions {
  /** Where PostgreSQL is. */
  server: { port: number };
  database: string;
  /** Roles that may connect, with their passwords: PgBouncer logs in as them. */
  users: Record<string, string>;
}

/**
 * Starts PgBouncer with what the product needs of it, the same as docker/pgbouncer.ini:
 * named prepared statements across server connections, and the time limit the API sends when it connects, which a
 * pooler can't pass on, set by the role instead.
 */
export async function startPooler(
  { command, prefix }: Program,
  { server, database, users }: PoolerOptions,
): Promise<Pooler> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'session-guard-pooler-'));
  removeAfterUs(directory);
  const userFile = join(directory, 'users.txt');
  const configuration = join(directory, 'pgbouncer.ini');
  writeFileSync(
    userFile,
    Object.entries(users)
      .map(([name, password]) => `"${name}" "${password}"\n`)
      .join(''),
    { mode: 0o600 },
  );
  writeFileSync(
    configuration,
    `[databases]
${database} = host=127.0.0.1 port=${server.port} dbname=${database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${userFile}
admin_users = postgres
pool_mode = transaction
max_prepared_statements = 200
default_pool_size = 10
max_client_conn = 500
ignore_startup_parameters = extra_float_digits,statement_timeout
server_connect_timeout = 2
server_login_retry = 1
query_wait_timeout = 3
server_check_delay = 5
`,
    { mode: 0o600 },
  );
  // Like PostgreSQL it refuses to run as root.
  const identity = serverIdentity(join(directory, 'none'));
  if (identity !== undefined) {
    for (const path of [directory, userFile, configuration]) chownSync(path, identity.uid, identity.gid);
    chmodSync(directory, 0o700);
  }
  const daemon = await startDaemon('PgBouncer', [command, ...prefix, configuration], port, { ...identity, cwd: '/' });
  const through = (url: string): string => {
    const address = new URL(url);
    address.port = String(port);
    return address.href;
  };
  const console = async (statement: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: 'postgres',
      password: users['postgres'],
      database: 'pgbouncer',
    });
    await client.connect();
    try {
      return (await client.query(statement)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  };
  return {
    daemon,
    through,
    reconnect: async () => void (await console('reconnect')),
    show: (what) => console(`show ${what}`),
  };
}
