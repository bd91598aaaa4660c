import pg, { type Pool } from 'pg';
import type { TestDatabase } from '../../../test/database.ts';
import { Isolation, type IsolatedDataSource } from '../src/index.ts';
import { connectAs, createNotes, Note } from './note.ts';

const USERS = 40;

let database: TestDatabase;
let dataSource: IsolatedDataSource;
let isolation: Isolation;

beforeAll(async () => {
  database = await createNotes({ users: USERS, notes: 2 });
});
afterAll(() => database.drop());
afterEach(() => dataSource.destroy());

/** @param turns after two the third is prepared, which is what is shared; after three it was */
async function connect(max: number, turns = 3, connectionTimeoutMillis = 20_000): Promise<void> {
  dataSource = await connectAs(database.apiUrl, { max, connectionTimeoutMillis });
  isolation = new Isolation(dataSource);
  for (let turn = 0; turn < turns; turn += 1)
    await Promise.all([
      ownersSeenBy('user-1'),
      select('user-1', 'pg_backend_pid()'),
      select('user-1', 'count(pg_sleep(0.05))'),
    ]);
}

const users = Array.from({ length: USERS }, (_, n) => `user-${n + 1}`);
const pool = (): Pool => (dataSource.driver as unknown as { master: Pool }).master;
const ownersSeenBy = (user: string): Promise<string[]> =>
  isolation.runAs(user, async () => (await dataSource.getRepository(Note).find()).map((note) => note.userId));

/** What an expression gives for each of the user's rows, by a statement that depends on the owner alone. */
async function select(user: string, expression: string): Promise<unknown[]> {
  const rows = await isolation.runAs(user, () =>
    dataSource.createQueryBuilder(Note, 'note').select(expression, 'value').getRawMany<{ value: unknown }>(),
  );
  return rows.map(({ value }) => value);
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('Condition not met within 10 s.');
    await new Promise(setImmediate);
  }
}

it('statements of many users follow one another on a few connections, and each sees its own rows', async () => {
  await connect(10);
  const [seen, pids] = await Promise.all([
    Promise.all(users.map((user) => ownersSeenBy(user))),
    Promise.all(users.map((user) => select(user, 'pg_backend_pid()'))),
  ]);
  expect(seen).toEqual(users.map((user) => [user, user]));
  expect(new Set(pids.flat()).size).toBe(4);
});

it('a statement on its own has a connection for itself', async () => {
  await connect(10);
  const [slow, quick] = await Promise.all([
    select('user-1', 'count(pg_sleep(0.05))'),
    select('user-2', 'pg_backend_pid()'),
  ]);
  expect([slow.length, quick.length]).toEqual([1, 2]);
  const both = await Promise.all([select('user-1', 'pg_backend_pid()'), select('user-2', 'pg_backend_pid()')]);
  expect(new Set(both.flat()).size).toBe(2);
});

it('an owner PostgreSQL refuses fails alone, though the others rely on what was to be prepared with it', async () => {
  await connect(2, 2);
  const outcomes = await Promise.allSettled(['user\0', 'user-1', 'user-2'].map((user) => ownersSeenBy(user)));
  expect(outcomes).toMatchObject([
    { status: 'rejected', reason: { code: '22021' } },
    { status: 'fulfilled', value: ['user-1', 'user-1'] },
    { status: 'fulfilled', value: ['user-2', 'user-2'] },
  ]);
});

it('a connection that could not be had is asked for again', async () => {
  await connect(2, 3, 500);
  await until(() => pool().idleCount === pool().totalCount);
  const taken = await Promise.all([pool().connect(), pool().connect()]);
  await expect(ownersSeenBy('user-1')).rejects.toThrow(/timeout/);
  for (const client of taken) client.release();
  expect(await ownersSeenBy('user-1')).toEqual(['user-1', 'user-1']);
});

it('a statement that ends its connection fails alone: what else was on it is read again on another', async () => {
  await connect(2);
  const END = 'pg_terminate_backend(pg_backend_pid())';
  for (let turn = 0; turn < 3; turn += 1) await select('user-1', END).catch(() => undefined);
  const [culprit, ...others] = await Promise.allSettled([
    select('user-1', END),
    ...users.map((user) => ownersSeenBy(user)),
  ]);
  expect(culprit).toMatchObject({ status: 'rejected', reason: { code: '57P01' } });
  expect(others).toEqual(users.map((user) => ({ status: 'fulfilled', value: [user, user] })));
});

it('a connection the server ends costs nobody’s read', async () => {
  await connect(2);
  const admin = new pg.Client({ connectionString: database.ownerUrl });
  await admin.connect();
  const endWhoWaits = `select pg_terminate_backend(pid) from pg_locks
    where not granted and relation = 'note'::regclass
      and database = (select oid from pg_database where datname = current_database())`;
  await admin.query('begin');
  await admin.query('lock table note');
  const reads = Promise.all(users.map((user) => ownersSeenBy(user)));
  while ((await admin.query(endWhoWaits)).rowCount === 0);
  await admin.query('rollback');
  await admin.end();
  expect(await reads).toEqual(users.map((user) => [user, user]));
});

it('a transaction never waits for shared connections to become idle', async () => {
  await connect(2);
  let done = false;
  const load = Promise.all(
    users.map(async (user) => {
      while (!done) expect(await ownersSeenBy(user)).toEqual([user, user]);
    }),
  );
  try {
    for (let turn = 0; turn < 20; turn += 1) {
      const rows = await isolation.runAs('user-1', () =>
        isolation.transaction((manager) => manager.query<{ user_id: string }[]>('select user_id from note')),
      );
      expect(rows.map((row) => row.user_id)).toEqual(['user-1', 'user-1']);
    }
  } finally {
    done = true;
    await load;
  }
});

it('a pool of one is never shared', async () => {
  await connect(1);
  expect(await Promise.all(users.map((user) => ownersSeenBy(user)))).toEqual(users.map((user) => [user, user]));
});

it('an idle connection goes back to the pool as it came, fit for a cursor', async () => {
  await connect(2);
  await ownersSeenBy('user-1');
  await until(() => pool().idleCount === pool().totalCount);
  const client = await pool().connect();
  expect(client.pipeline).toBe(false);
  expect((await client.query(`select coalesce(current_setting('app.user_id', true), '') as owner`)).rows).toEqual([
    { owner: '' },
  ]);
  client.release();
});
