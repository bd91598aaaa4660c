import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort, isPortFree } from '../../../scripts/ports.ts';
import { processIdentity, until } from '../../../scripts/processes.ts';
import { ROOT } from '../../../scripts/root.ts';
import { findPostgresBinaries } from '../../../scripts/postgres/binaries.ts';
import { startPostgres, type EmbeddedPostgres } from '../../../scripts/postgres/embedded.ts';
import { runningAsRoot, serverIdentity } from '../../../scripts/postgres/identity.ts';

jest.setTimeout(120_000);

let home: string;
const running: EmbeddedPostgres[] = [];

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'session-guard-embedded-'));
  chmodSync(home, 0o755);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const dataDir = (name: string): string => join(home, name);

async function start(
  name: string,
  options: { port?: number; log?: (line: string) => void } = {},
): Promise<EmbeddedPostgres> {
  const server = await startPostgres({ dataDir: dataDir(name), durable: false, ...options });
  running.push(server);
  return server;
}

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const isGone = (pid: number): boolean => processIdentity(pid) === undefined;

it('a first start gives an empty UTF-8 database of PostgreSQL 18, by password, on loopback', async () => {
  const server = await start('first');
  const [row] = await query(
    server.url,
    `select current_setting('server_version_num')::int / 10000 as version,
            current_setting('server_encoding') as encoding,
            current_setting('password_encryption') as passwords, current_database() as name, datcollate as collation,
            current_setting('listen_addresses') as addresses
       from pg_database where datname = current_database()`,
  );
  expect(row).toMatchObject({
    version: 18,
    encoding: 'UTF8',
    passwords: 'scram-sha-256',
    name: 'session_guard',
    addresses: '127.0.0.1',
  });
  if (process.platform === 'linux') expect(row!['collation']).toBe('C.UTF-8');

  const wrong = new URL(server.url);
  wrong.password = 'guess';
  await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  expect(statSync(join(dataDir('first'), 'postgres.password')).mode & 0o777).toBe(0o600);

  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal);
  if (outside) expect(await isPortFree(server.port, outside.address)).toBe(true);
});

it('the server never runs as root', async () => {
  const server = await start('first');
  if (process.platform === 'linux') expect(statSync(`/proc/${server.pid}`).uid).not.toBe(0);
  else expect(runningAsRoot()).toBe(false);
});

it('a second start finds the data of the first, on the same port', async () => {
  const first = await start('kept');
  await query(first.url, 'create table note (text text)');
  await query(first.url, "insert into note values ('Zähler')");
  await first.stop();
  expect(isGone(first.pid)).toBe(true);
  const second = await start('kept');
  expect(await query(second.url, 'select text from note')).toEqual([{ text: 'Zähler' }]);
  expect(second.port).toBe(first.port);
});

it('a copy of a stopped data directory has its rows, as docs/operations/backup.md says', async () => {
  const first = await start('copied');
  await query(first.url, 'create table note (text text)');
  await query(first.url, "insert into note values ('kept')");
  await first.stop();
  const archive = join(home, 'copied.tar.gz');
  execFileSync('tar', ['-czf', archive, '-C', home, 'copied']);
  mkdirSync(dataDir('elsewhere'));
  execFileSync('tar', ['-xzpf', archive, '--strip-components=1', '-C', dataDir('elsewhere')]);
  rmSync(dataDir('copied'), { recursive: true });
  const second = await start('elsewhere');
  expect(await query(second.url, 'select text from note')).toEqual([{ text: 'kept' }]);
});

it('a server that a killed run left behind is stopped, and its data taken over', async () => {
  const first = await start('orphaned');
  await query(first.url, 'create table note (text text)');
  await first.stop();
  // The same program on the same data, with nobody who would stop it.
  const pgdata = join(dataDir('orphaned'), 'postgres');
  const orphan = spawn(findPostgresBinaries().postgres, ['-D', pgdata, '-p', String(await freePort()), '-k', ''], {
    stdio: 'ignore',
    env: {},
    cwd: '/',
    ...serverIdentity(pgdata),
  });
  expect(await until(() => existsSync(join(pgdata, 'postmaster.pid')), 10_000)).toBe(true);

  const notes: string[] = [];
  const second = await start('orphaned', { log: (line) => notes.push(line) });
  expect(notes).toEqual([`stopped PostgreSQL (process ${orphan.pid}), which a killed run had left behind`]);
  expect(isGone(orphan.pid!)).toBe(true);
  expect(await query(second.url, 'select * from note')).toEqual([]);
});

it('the server ends with the process that started it, even when that is killed', async () => {
  const program = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      `import { startPostgres } from './scripts/postgres/embedded.ts';
       const server = await startPostgres({ dataDir: ${JSON.stringify(dataDir('killed'))}, durable: false });
       console.log(server.pid);
       setInterval(() => undefined, 1000);`,
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(program.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  expect(isGone(pid)).toBe(false);
  program.kill('SIGKILL');
  expect(await until(() => isGone(pid), 10_000)).toBe(true);
  // And the next run starts as if nothing had happened.
  await start('killed');
});

it('a stale postmaster.pid, left by a machine that went down, does not stop a start', async () => {
  const first = await start('stale');
  const file = join(dataDir('stale'), 'postgres/postmaster.pid');
  const lines = readFileSync(file, 'utf8');
  await first.stop();
  // A living process with that id, which is none of ours.
  writeFileSync(file, lines.replace(/^\d+/, String(process.pid)));
  await start('stale');
});

it('a busy port is named', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await expect(start('busy', { port })).rejects.toThrow(
    `Port ${port}, which PostgreSQL was to listen on, is in use.\nFix: `,
  );
  other.close();
});

it('a data directory in use is refused, naming who uses it', async () => {
  await start('shared');
  await expect(start('shared')).rejects.toThrow(`is in use by process ${process.pid}`);
});

it('a data directory below a closed one is used where we may, and replaced where we may not', async () => {
  const closed = join(home, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  const notes: string[] = [];
  const server = await startPostgres({
    dataDir: join(closed, 'data'),
    durable: false,
    log: (line) => notes.push(line),
  });
  expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await server.stop();
  if (!runningAsRoot()) {
    expect(notes).toEqual([]);
    return;
  }
  expect(notes.join()).toContain(`because ${closed} is closed to the user it runs as`);
  const elsewhere = readFileSync(join(closed, 'data/postgres.location'), 'utf8').trim();
  expect(elsewhere).toMatch(/^\/var\/lib\/session-guard\/[0-9a-f]{12}\/postgres$/);
  rmSync(join(elsewhere, '..'), { recursive: true });
});
