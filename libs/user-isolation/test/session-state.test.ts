import type { Pool } from 'pg';
import type { TestDatabase } from '../../../test/database.ts';
import { ForbiddenStatementError, Isolation, type IsolatedDataSource } from '../src/index.ts';
import { asOwner } from './library.ts';
import { connectAs, createNotes, Note } from './note.ts';

let database: TestDatabase;
let dataSource: IsolatedDataSource;
let isolation: Isolation;

beforeAll(async () => {
  database = await createNotes({ users: 2, notes: 2 });
  await asOwner(database, async (owner) => {
    // What no reader of a statement's text sees.
    await owner.query(
      `create function become(text) returns text language sql as $$ select set_config('app.user_id', $1, false) $$`,
    );
    await owner.query('grant temporary on database "' + database.name + '" to session_guard_api');
  });
});
afterAll(() => database.drop());
beforeEach(async () => {
  // One connection: whatever stays on it meets the next statement.
  dataSource = await connectAs(database.apiUrl, { max: 1, connectionTimeoutMillis: 20_000 });
  isolation = new Isolation(dataSource);
});
afterEach(() => dataSource.destroy());

const asAda = <T>(work: () => Promise<T>): Promise<T> => isolation.runAs('user-1', work);
const visible = async (): Promise<number> =>
  (await dataSource.query<{ n: number }[]>('select count(*)::int as n from note'))[0]!.n;

/** What is on the one connection, asked beside the data source. */
async function sessionState(): Promise<Record<string, unknown>> {
  const pool = (dataSource.driver as unknown as { master: Pool }).master;
  const { rows } = await pool.query<Record<string, unknown>>(
    `select coalesce(current_setting('app.user_id', true), '') as owner, current_user as role,
      current_setting('search_path') as path,
            current_setting('work_mem') as memory, (select count(*)::int from pg_prepared_statements
              where name not like 'isolation%') as prepared,
            (select count(*)::int from pg_listening_channels()) as channels,
              (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks,
            (select count(*)::int from pg_cursors) as cursors, to_regclass('pg_temp.scratch') is not null as temporary`,
  );
  return rows[0]!;
}

const LASTING = [
  `select set_config('app.user_id', 'user-2', false)`,
  `select set_config('app.user_id', 'user-2', 'f'), 1`,
  `set app.user_id = 'user-2'`,
  `  -- who am I?\n /* nobody */ SET SESSION app.user_id = 'user-2'`,
  `set role none`,
  `set search_path = pg_temp, public`,
  `set session authorization default`,
  'reset all',
  'discard all',
  'deallocate all',
  'listen noise',
  'unlisten *',
  'create temp table scratch (id int)',
  'create temporary table scratch as select 1 as id',
  'create local temp table scratch (id int)',
  'select pg_advisory_lock(1)',
  'select pg_try_advisory_lock_shared(1)',
  'declare kept cursor with hold for select 1',
];

it.each(LASTING)('what would stay on the connection is refused, in a transaction too: %s', async (sql) => {
  const before = await sessionState();
  for (const attempt of [
    () => asAda(() => dataSource.query(sql)),
    () => dataSource.query(sql),
    () => asAda(() => isolation.transaction((manager) => manager.query(sql))),
  ]) {
    await expect(attempt()).rejects.toThrow(ForbiddenStatementError);
  }
  expect(await sessionState()).toEqual(before);
  expect(await visible()).toBe(0);
});

it.each([
  `set local work_mem = '5MB'`,
  `select set_config('work_mem', '5MB', true)`,
  'set transaction read only',
  'set constraints all immediate',
  'select pg_advisory_xact_lock(1)',
  'create temp table scratch on commit drop as select 1 as id',
  'declare mine cursor for select 1',
  'savepoint mine',
])('what ends with the transaction is allowed in one, and gone after it: %s', async (sql) => {
  const before = await sessionState();
  await asAda(() => isolation.transaction((manager) => manager.query(sql)));
  expect(await sessionState()).toEqual(before);
});

it.each([
  ['a function', `select become('user-2')`],
  [
    'a block',
    "do $$ begin perform set_config('app.user_id', 'user-2', false); execute 'set work_mem = ''7MB'''; " +
      'perform pg_catalog.pg_advisory_lock(7); end $$',
  ],
  ['a statement that is prepared', 'prepare mine as select 1'],
  ['a parameter', `select set_config('app.user_id', 'user-2', $1)`, [false]],
  [
    'a block that makes a table',
    "do $$ begin execute 'create temp table scratch (id int)'; execute 'listen noise'; end $$",
  ],
  [
    'a statement that fails once it has a lock',
    `select pg_catalog.pg_advisory_lock_shared(n) , 1 / (n - 1) from generate_series(0, 1) n`,
  ],
])('nothing is carried over, whatever hides it: %s', async (_what, sql, values: unknown[] = []) => {
  const before = await sessionState();
  for (const attempt of [
    () => asAda(() => dataSource.query(sql, values)),
    () => dataSource.query(sql, values),
    () => asAda(() => isolation.transaction((manager) => manager.query(sql, values))),
  ]) {
    await attempt().catch(() => undefined);
    expect(await sessionState()).toEqual(before);
    expect(await visible()).toBe(0);
    expect(await asAda(visible)).toBe(2);
  }
});

it.each([
  ['what has to be cleared, and what needs nothing', `select become('user-2')`, 'set local work_mem = default'],
  ['a prepared statement, and what could be cleared', 'prepare mine as select 1', 'select 1'],
  ['a prepared statement, and what needs nothing', 'prepare mine as select 1', 'set local work_mem = default'],
])('nothing is carried over from several statements: %s', async (_what, ...statements) => {
  const before = await sessionState();
  for (const order of [statements, statements.toReversed()]) {
    await asAda(() =>
      isolation.transaction(async (manager) => {
        for (const sql of order) await manager.query(sql);
      }),
    );
    expect(await sessionState()).toEqual(before);
  }
});

it('nobody is nobody, even on a connection that somebody else left a user on', async () => {
  const pool = (dataSource.driver as unknown as { master: Pool }).master;
  await pool.query(`select set_config('app.user_id', 'user-2', false)`);
  expect(await visible()).toBe(0);
  expect(await dataSource.transaction((manager) => manager.query('select * from note'))).toEqual([]);
  expect(await asAda(visible)).toBe(2);
  expect(new Set((await asAda(() => dataSource.getRepository(Note).find())).map(({ userId }) => userId))).toEqual(
    new Set(['user-1']),
  );
});

it.each([
  `select 1; select 2`,
  `commit; set app.user_id = 'user-2'; begin`,
  `update note set body = 'x'; delete from note`,
  `select 1; set app.user_id = 'user-2'`,
])('several statements in one string are refused, and none of them is done: %s', async (sql) => {
  const before = await sessionState();
  for (const attempt of [
    () => asAda(() => dataSource.query(sql)),
    () => dataSource.query(sql),
    () => asAda(() => isolation.transaction((manager) => manager.query(sql))),
  ]) {
    await expect(attempt()).rejects.toThrow(ForbiddenStatementError);
  }
  await expect(asAda(() => dataSource.query('select 1; select 2'))).rejects.toThrow(
    /several statements in one string. Send each by itself/,
  );
  expect(await sessionState()).toEqual(before);
  expect(await asAda(() => dataSource.query('select body from note'))).toEqual([
    { body: 'of user-1' },
    { body: 'of user-1' },
  ]);
});

it.each([
  'begin',
  'start transaction',
  ' /* now */ commit',
  'end',
  'rollback',
  'rollback work',
  'abort',
  `prepare transaction 'x'`,
])('a transaction is not begun or ended by SQL: %s', async (sql) => {
  await expect(asAda(() => dataSource.query(sql))).rejects.toThrow(ForbiddenStatementError);
  await expect(asAda(() => dataSource.manager.query(sql))).rejects.toThrow(/Use isolation.transaction/);
  const failing = asAda(() =>
    isolation.transaction(async (manager) => {
      await manager.query(`update note set body = 'changed'`);
      await manager.query(sql);
    }),
  );
  await expect(failing).rejects.toThrow(ForbiddenStatementError);
  expect(await asAda(() => dataSource.query('select body from note'))).toEqual([
    { body: 'of user-1' },
    { body: 'of user-1' },
  ]);
});

it('a savepoint of one’s own is allowed', async () => {
  await asAda(() =>
    isolation.transaction(async (manager) => {
      await manager.query('savepoint mine');
      await manager.query('delete from note');
      await manager.query('rollback to savepoint mine');
    }),
  );
  expect(await asAda(visible)).toBe(2);
});

it('a runner of one’s own may begin by SQL, and gives its connection back only without the transaction', async () => {
  await asAda(async () => {
    const runner = dataSource.createQueryRunner();
    await runner.query('begin');
    expect(await runner.query('select count(*)::int as n from note')).toEqual([{ n: 2 }]);
    await runner.query('delete from note');
    await runner.release();
  });
  expect(await visible()).toBe(0);
  expect(await asAda(visible)).toBe(2);
});
