import type { Pool } from 'pg';
import type { TestDatabase } from '../../../test/database.ts';
import { Isolation } from '../src/index.ts';
import { poolOf } from '../src/database/typeorm-internals.ts';
import { createNotes, Note } from './note.ts';
import { createDataSource } from './ways.ts';

let database: TestDatabase;

beforeAll(async () => (database = await createNotes({ users: 2, notes: 2 })));
afterAll(() => database.drop());

it('reads go to the replica, also once they are prepared, and writes to the primary', async () => {
  const server = { url: database.apiUrl };
  const dataSource = await createDataSource({
    type: 'postgres',
    replication: { master: server, slaves: [server] },
    entities: [Note],
    installExtensions: false,
    extra: { max: 4 },
  });
  await dataSource.initialize();
  const isolation = new Isolation(dataSource);
  const [replica] = (dataSource.driver as unknown as { slaves: Pool[] }).slaves;
  const taken = { primary: 0, replica: 0 };
  poolOf(dataSource).on('acquire', () => (taken.primary += 1));
  replica!.on('acquire', () => (taken.replica += 1));

  for (let turn = 0; turn < 8; turn += 1) {
    const notes = await isolation.runAs('user-1', () => dataSource.getRepository(Note).find());
    expect(notes.map(({ userId }) => userId)).toEqual(['user-1', 'user-1']);
  }
  expect(taken).toEqual({ primary: 0, replica: 8 });

  await isolation.runAs('user-1', () => dataSource.getRepository(Note).insert({ body: 'on the primary' }));
  expect(taken).toEqual({ primary: 1, replica: 8 });
  await dataSource.destroy();
});

it('a runner that is released twice gives its connection back once', async () => {
  const dataSource = await createDataSource({
    type: 'postgres',
    url: database.apiUrl,
    entities: [Note],
    installExtensions: false,
    extra: { max: 2 },
  });
  await dataSource.initialize();
  const released: unknown[] = [];
  poolOf(dataSource).on('release', (error) => released.push(error));
  const runner = dataSource.createQueryRunner();
  await runner.query('select 1');
  await runner.release();
  await runner.release();
  expect(released).toHaveLength(1);
  expect(poolOf(dataSource)).toMatchObject({ totalCount: 1, idleCount: 1 });
  await dataSource.destroy();
});
