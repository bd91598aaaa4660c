import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { create, extract, list } from 'tar';
import { backUp } from './backup/backup.ts';
import { restore } from './backup/restore.ts';
import { startPostgres } from './postgres/embedded.ts';
import { removeAfterUs } from './reaper.ts';
import { keptSecret } from './secret.ts';

let home: string;
let dataDir: string;
let file: string;
let secret: string;

/** Runs statements on the embedded database, started for them alone. While it runs, nothing is copied. */
async function query(directory: string, ...statements: string[]): Promise<pg.QueryResultRow[]> {
  const server = await startPostgres({ dataDir: directory, durable: false });
  const client = new pg.Client({ connectionString: server.url });
  try {
    await client.connect();
    let rows: pg.QueryResultRow[] = [];
    for (const statement of statements) ({ rows } = await client.query<pg.QueryResultRow>(statement));
    await expect(backUp({ dataDir: directory, file: join(home, 'running.tar.gz') })).rejects.toThrow(
      /in use by process/,
    );
    await expect(restore({ dataDir: directory, file, force: true })).rejects.toThrow(/in use by process|no file/);
    return rows;
  } finally {
    await client.end();
    await server.stop();
  }
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'session-guard-backup-'));
  removeAfterUs(home);
  // As root the server runs as somebody else, who must get through.
  chmodSync(home, 0o755);
  dataDir = join(home, 'data');
  file = join(home, 'backup.tar.gz');
  secret = keptSecret(dataDir, 'better-auth.secret');
  await query(dataDir, 'create table note (text text)', "insert into note values ('before')");
});

test('backed up, destroyed, restored: every row is there, and the secret that belongs to them', async () => {
  expect(await backUp({ dataDir, file })).toMatchObject({
    postgresMajor: '18',
    hasSecret: true,
    bytes: expect.any(Number),
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await expect(backUp({ dataDir, file })).rejects.toThrow(/exists already/);
  rmSync(dataDir, { recursive: true });

  expect(await restore({ dataDir, file })).toMatchObject({ before: undefined });
  expect(keptSecret(dataDir, 'better-auth.secret')).toBe(secret);
  expect(await query(dataDir, "update note set text = 'after' returning old.text")).toEqual([{ text: 'before' }]);
});

test('a damaged backup, and one of another PostgreSQL or another machine, change nothing', async () => {
  const before = readdirSync(dataDir).toSorted();
  const cut = join(home, 'cut.tar.gz');
  writeFileSync(cut, readFileSync(file).subarray(0, 100_000));
  await expect(restore({ dataDir, file: cut, force: true })).rejects.toThrow(/damaged/);
  await expect(
    restore({
      dataDir,
      file: await altered('old', (directory) => writeFileSync(join(directory, 'postgres/PG_VERSION'), '17\n')),
      force: true,
    }),
  ).rejects.toThrow(/PostgreSQL 17.*pg_dump/s);
  const foreign = await altered('foreign', (directory) =>
    writeFileSync(
      join(directory, 'backup.json'),
      readFileSync(join(directory, 'backup.json'), 'utf8').replace(`${process.platform}-`, 'plan9-'),
    ),
  );
  await expect(restore({ dataDir, file: foreign, force: true })).rejects.toThrow(/plan9/);
  expect(readdirSync(dataDir).toSorted()).toEqual(before);
});

test('existing data is never overwritten; with force it is put aside', async () => {
  await expect(restore({ dataDir, file })).rejects.toThrow(/already.*--force/s);
  const { before = '' } = await restore({ dataDir, file, force: true });
  expect(readdirSync(before).toSorted()).toEqual(['better-auth.secret', 'postgres', 'postgres.password']);
  expect(await query(dataDir, 'select text from note')).toEqual([{ text: 'before' }]);
});

test('no log, no port, no lock of the running server is in it', async () => {
  const names: string[] = [];
  await list({ file, onReadEntry: ({ path }) => void names.push(path) });
  expect(names.filter((name) => !name.startsWith('postgres/'))).toEqual([
    'backup.json',
    'better-auth.secret',
    'postgres.password',
  ]);
  expect(names.filter((name) => /postmaster|\.log$|\.port$/.test(name))).toEqual([]);
});

/** The backup's small files, changed, as a backup of its own. */
async function altered(name: string, change: (directory: string) => void): Promise<string> {
  const directory = join(home, name);
  mkdirSync(directory);
  await extract({ cwd: directory, file, filter: (path) => /^(backup\.json|postgres\/PG_VERSION)$/.test(path) });
  change(directory);
  const target = join(home, `${name}.tar.gz`);
  await create({ cwd: directory, file: target, gzip: true }, readdirSync(directory));
  return target;
}
