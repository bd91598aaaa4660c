import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fchownSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { once } from 'node:events';
import pg from 'pg';
import { freePort, isPortFree } from '../ports.ts';
import { isAlive, until } from '../processes.ts';
import { reap } from '../reaper.ts';
import { findPostgresBinaries } from './binaries.ts';
import { initialise } from './initialise.ts';
import { claim, stopOrphan } from './ownership.ts';
import { place, type Placement } from './placement.ts';

/** How an embedded server is started. */
export interface PostgresOptions {
  /** `DATA_DIR`: holds the server's data, its log and the superuser's password. Made when missing. */
  dataDir: string;
  /** Must be free. Default: the port of the last run when it is free, or else any free one. */
  port?: number;
  /** Told in a line what is unusual: an orphan that was stopped, data that lies elsewhere. */
  log?: (line: string) => void;
  /** `false` trades safety at a power cut for speed: for tests. Default `true`. */
  durable?: boolean;
  /** Default 100. */
  maxConnections?: number;
}

/** A running embedded server. */
export interface EmbeddedPostgres {
  /** Connects as the cluster's superuser, the owner of database `session_guard`. Holds the password. */
  url: string;
  port: number;
  /** Of the server, for those who watch it. */
  pid: number;
  /** Resolves when the server has ended, for whatever reason, with the last lines of its log. */
  ended: Promise<string>;
  /** Disconnects clients, writes everything out and waits for the end; at most 15 s. Safe to call twice. */
  stop(): Promise<void>;
}

const DATABASE = 'session_guard';
const START_MS = 30_000;
const STOP_MS = 10_000;

/**
 * Starts the PostgreSQL 18 that npm installed, on 127.0.0.1 only, with passwords (SCRAM) required.
 *
 * The first start on a `dataDir` makes the cluster and database `session_guard`; a later one takes under a second.
 * When this process is killed, the server is stopped all the same; should that fail too, the next start does it.
 *
 * @throws Error naming cause and fix: no binaries for the platform, busy port, directory in use or out of reach.
 * @example const postgres = await startPostgres({ dataDir: '.data' });
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const { log = () => undefined, durable = true } = options;
  const dataDir = resolve(options.dataDir);
  if (options.port !== undefined && !(await isPortFree(options.port))) throw busyPort(options.port);
  const placement = place(dataDir, findPostgresBinaries());
  if (placement.note !== undefined) log(`PostgreSQL runs as an unprivileged user: ${placement.note}`);

  const release = claim(dataDir);
  try {
    const orphan = await stopOrphan(placement.pgdata);
    if (orphan !== undefined) log(`stopped PostgreSQL (process ${orphan}), which a killed run had left behind`);
    const password = ownerPassword(dataDir);
    if (!existsSync(placement.pgdata)) await initialise(placement, password, { sync: durable });
    const server = await launch(placement, dataDir, options);
    const url = `postgres://postgres:${password}@127.0.0.1:${server.port}/${DATABASE}`;
    await server.ready(url).catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
    void server.ended.then(release);
    return { url, port: server.port, pid: server.pid, ended: server.ended, stop: server.stop };
  } catch (error) {
    release();
    throw error;
  }
}

interface Launched extends Omit<EmbeddedPostgres, 'url'> {
  /** Waits for the first answer and sees that the database exists. */
  ready(url: string): Promise<void>;
}

async function launch(placement: Placement, dataDir: string, options: PostgresOptions): Promise<Launched> {
  const port = options.port ?? (await choosePort(dataDir));
  const logFile = join(dataDir, 'postgres.log');
  const child = spawnServer(placement, logFile, [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${options.maxConnections ?? 100}`,
    'timezone=UTC',
    'log_timezone=UTC',
    ...(options.durable === false
      ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum_naptime=1h', 'max_wal_size=4GB']
      : []),
  ]);
  const { pid } = child;
  if (pid === undefined) throw await once(child, 'error').then(([error]) => error as Error);
  const forget = reap(pid, 'SIGINT');
  const lastLines = (): string => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
  const ended = once(child, 'exit').then(() => {
    forget();
    return lastLines();
  });

  const stop = async (): Promise<void> => {
    // SIGINT is PostgreSQL's fast shutdown: it doesn't wait for clients to leave, as SIGTERM would.
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      if (child.exitCode !== null || child.signalCode !== null) break;
      child.kill(signal);
      if (await until(() => child.exitCode !== null || child.signalCode !== null, STOP_MS)) break;
    }
    await ended;
  };

  const ready = async (url: string): Promise<void> => {
    const answered = await until(() => !isAlive(pid) || child.exitCode !== null || answers(url), START_MS);
    if (child.exitCode !== null || child.signalCode !== null) {
      const lines = await ended;
      if (/could not bind|already in use/i.test(lines)) throw busyPort(port);
      throw new Error(`PostgreSQL ended while it started. Its last lines (${logFile}):\n${lines}`);
    }
    if (!answered) throw new Error(`PostgreSQL did not answer within ${START_MS / 1000} s. Its log is ${logFile}.`);
    await createDatabase(url);
    writeFileSync(join(dataDir, 'postgres.port'), `${port}\n`);
  };
  return { port, pid, ended, stop, ready };
}

function spawnServer({ binaries, pgdata, identity }: Placement, logFile: string, settings: string[]): ChildProcess {
  const log = openSync(logFile, 'w', 0o600);
  try {
    if (identity !== undefined) fchownSync(log, identity.uid, identity.gid);
    return spawn(binaries.postgres, ['-D', pgdata, ...settings.flatMap((setting) => ['-c', setting])], {
      cwd: pgdata,
      // None of the caller's PG* variables may lead the server elsewhere.
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
      // Its own process group: Ctrl-C in a terminal goes to us, and we stop it last.
      detached: true,
      stdio: ['ignore', log, log],
      ...identity,
    });
  } finally {
    closeSync(log);
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: maintenance(url), connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch (error) {
    // 28P01: it answers, and would refuse us for ever. 57P03: it is starting up.
    if ((error as { code?: string }).code === '28P01') {
      throw new Error(
        'The embedded PostgreSQL refuses the password kept in DATA_DIR/postgres.password.\n' +
          'Fix: restore that file, or remove DATA_DIR to start with an empty database.',
        { cause: error },
      );
    }
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: maintenance(url) });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
    // The cluster is ours alone: a role that works in one database has no business in PostgreSQL's own.
    const { rows } = await client.query<{ open: boolean }>(
      `select has_database_privilege('public', 'template1', 'connect') as open`,
    );
    if (rows[0]?.open) await client.query('revoke connect, temporary on database postgres, template1 from public');
  } finally {
    await client.end();
  }
}

function maintenance(url: string): string {
  const address = new URL(url);
  address.pathname = '/postgres';
  return address.href;
}

/** The superuser's password: made once, readable by its owner only. */
function ownerPassword(dataDir: string): string {
  const file = join(dataDir, 'postgres.password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8').trim();
}

/** The same port as last time where possible, so that a saved connection in a database tool keeps working. */
async function choosePort(dataDir: string): Promise<number> {
  const file = join(dataDir, 'postgres.port');
  const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : Number.NaN;
  return Number.isInteger(last) && last > 1023 && last < 65_536 && (await isPortFree(last)) ? last : freePort();
}

function busyPort(port: number): Error {
  return new Error(
    `Port ${port}, which PostgreSQL was to listen on, is in use.\n` +
      'Fix: stop what listens there, or choose another port.',
  );
}
