import pg from 'pg';
import type { TestDatabase } from '../../../test/database.ts';
import { Isolation, type IsolatedDataSource } from '../src/index.ts';
import { connectAs, createNotes, Note } from './note.ts';

let database: TestDatabase;
let dataSource: IsolatedDataSource;
let isolation: Isolation;

beforeEach(async () => {
  database = await createNotes({ users: 3, notes: 2 });
  // One connection, so that every statement meets what the ones before it left there.
  dataSource = await connectAs(database.apiUrl, { max: 1 });
  isolation = new Isolation(dataSource);
});
afterEach(async () => {
  await dataSource.destroy();
  await database.drop();
});

const ownersSeenBy = (user: string): Promise<string[]> =>
  isolation.runAs(user, async () => (await dataSource.getRepository(Note).find()).map((note) => note.userId));
const prepared = (): Promise<{ name: string; statement: string }[]> =>
  dataSource.query(`select name, statement from pg_prepared_statements where name ~ '^isolation_[0-9]+$'`);
const backend = async (): Promise<number> =>
  (await dataSource.query<{ pid: number }[]>('select pg_backend_pid() as pid'))[0]!.pid;

async function asOwner(sql: string): Promise<void> {
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query(sql);
  await owner.end();
}

it('a query that recurs is prepared once, and its plan serves every user their own rows', async () => {
  for (let turn = 0; turn < 8; turn += 1) {
    for (const user of ['user-1', 'user-2', 'user-3']) expect(await ownersSeenBy(user)).toEqual([user, user]);
  }
  const statements = (await prepared()).filter(({ statement }) => statement.includes('"note"'));
  expect(statements).toHaveLength(1);
  // Nobody at all sees nothing, by the same plan.
  expect(await dataSource.query(statements[0]!.statement, ['user-1'])).toEqual([]);
});

it('a query with other values is planned for those: nothing is prepared', async () => {
  for (let turn = 0; turn < 5; turn += 1) {
    await isolation.runAs('user-1', () => dataSource.getRepository(Note).findBy({ body: 'of user-1' }));
    await isolation.runAs('user-1', () => dataSource.query('select id from note where body = $1', ['of user-1']));
  }
  expect(await prepared()).toEqual([]);
});

it('a column that changes its type between two requests fails neither', async () => {
  for (let turn = 0; turn < 4; turn += 1) await ownersSeenBy('user-1');
  await asOwner('alter table note alter column body type varchar(1000)');
  for (const user of ['user-1', 'user-2']) expect(await ownersSeenBy(user)).toEqual([user, user]);
  const names = (await prepared()).filter(({ statement }) => statement.includes('"note"')).map(({ name }) => name);
  expect(names).toHaveLength(2);
});

it('prepared statements that were taken away are made anew', async () => {
  for (let turn = 0; turn < 4; turn += 1) await ownersSeenBy('user-1');
  const [name] = (await prepared()).map((statement) => statement.name).sort();
  await dataSource.query(`deallocate ${name}`);
  expect(await ownersSeenBy('user-1')).toEqual(['user-1', 'user-1']);
});

it('an owner PostgreSQL refuses leaves no statement behind that was never parsed', async () => {
  for (let turn = 0; turn < 2; turn += 1) await ownersSeenBy('user-1');
  const before = await backend();
  await expect(ownersSeenBy('user\0')).rejects.toMatchObject({ code: '22021' });
  expect(await ownersSeenBy('user-1')).toEqual(['user-1', 'user-1']);
  expect(await backend()).toBe(before);
});

it('what a builder writes needs no clearing: the connection keeps what it has prepared', async () => {
  for (let turn = 0; turn < 4; turn += 1) await ownersSeenBy('user-1');
  const before = (await prepared()).filter(({ statement }) => statement.includes('"note"'));
  await isolation.runAs('user-1', () => dataSource.query('select 1'));
  expect(await ownersSeenBy('user-1')).toHaveLength(2);
  expect((await prepared()).filter(({ statement }) => statement.includes('"note"'))).toEqual(before);
  expect(before).toHaveLength(1);
});
