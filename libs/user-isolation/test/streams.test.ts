import type { TestDatabase } from '../../../test/database.ts';
import { ForbiddenStatementError, Isolation, type IsolatedDataSource, IsolationError } from '../src/index.ts';
import { poolOf } from '../src/database/typeorm-internals.ts';
import { connectAs, createNotes } from './note.ts';

let database: TestDatabase;
let dataSource: IsolatedDataSource;

beforeAll(async () => (database = await createNotes({ users: 2, notes: 3 })));
afterAll(() => database.drop());
beforeEach(async () => {
  // One connection: whatever a stream leaves on it meets the next statement.
  dataSource = await connectAs(database.apiUrl, { max: 1 });
});
afterEach(() => dataSource.destroy());

async function read(sql: string, values?: unknown[]): Promise<unknown[]> {
  const runner = dataSource.createQueryRunner();
  try {
    return await (await runner.stream(sql, values)).toArray();
  } finally {
    await runner.release();
  }
}

it('outside of a request a stream gives its rows, and its connection goes back as it came', async () => {
  expect(await read('select n from generate_series(1, $1::int) n', [250])).toHaveLength(250);
  await expect(read(`set work_mem = '1MB'`)).rejects.toThrow(ForbiddenStatementError);
  const { rows } = await poolOf(dataSource).query(`select current_setting('app.user_id', true) as owner`);
  expect(rows).toEqual([{ owner: '' }]);
  expect(poolOf(dataSource)).toMatchObject({ totalCount: 1, idleCount: 1 });
});

it('it shows nobody’s rows', async () => {
  expect(await read('select * from note')).toEqual([]);
});

it('a stream that fails says so, and leaves the connection usable', async () => {
  await expect(read('select 1 / (n - 2) from generate_series(1, 3) n')).rejects.toMatchObject({ code: '22012' });
  expect(await dataSource.query('select 1 as one')).toEqual([{ one: 1 }]);
});

it('a runner that streamed runs other statements afterwards, in their own order', async () => {
  const runner = dataSource.createQueryRunner();
  const stream = await runner.stream('select n from generate_series(1, 3) n');
  expect(await stream.toArray()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  expect(await runner.query('select count(*)::int as n from note')).toEqual([{ n: 0 }]);
  await runner.release();
});

it('a user’s stream is refused: its rows would be read after the user is gone', async () => {
  const isolation = new Isolation(dataSource);
  await expect(isolation.runAs('user-1', () => read('select * from note'))).rejects.toThrow(IsolationError);
  expect(await isolation.runAs('user-1', () => dataSource.query('select id from note'))).toHaveLength(3);
});

it('a stream that is not read to its end is closed with its runner', async () => {
  const runner = dataSource.createQueryRunner();
  const stream = await runner.stream('select n from generate_series(1, 100000) n');
  stream.once('data', () => stream.pause());
  await runner.release();
  expect(stream.destroyed).toBe(true);
  expect(await dataSource.query('select 1 as one')).toEqual([{ one: 1 }]);
  expect(poolOf(dataSource)).toMatchObject({ totalCount: 1, idleCount: 1 });
});
