import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { until } from '../../scripts/processes.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { createIndexConcurrently } from '../src/database/concurrent-index.ts';
import { ownerDataSource } from '../src/operator/owner.data-source.ts';
import { migrations } from '../src/database/migrations/index.ts';
import { dangers } from './migration.rules.ts';

/** Why a migration that breaks a rule may be run beside a running application all the same. */
interface Declared extends MigrationInterface {
  safeBecause?: string;
}

class ShortOfTime1900000000000 implements MigrationInterface {
  up = async (queryRunner: QueryRunner): Promise<void> =>
    void (await queryRunner.query('alter table task add column team text'));
  down = async (): Promise<void> => undefined;
}

class TaskDueIndex1900000001000 implements MigrationInterface {
  transaction = false;
  up = (queryRunner: QueryRunner): Promise<void> =>
    createIndexConcurrently(queryRunner, 'task_due_idx', 'on task (user_id, due_at)');
  down = async (): Promise<void> => undefined;
}

let database: TestDatabase;
/** Somebody in the middle of a long transaction, who has written to the table. */
let busy: pg.Client;
let other: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase('app');
  [busy, other] = [
    new pg.Client({ connectionString: database.ownerUrl }),
    new pg.Client({ connectionString: database.ownerUrl }),
  ];
  await Promise.all([busy.connect(), other.connect()]);
  await other.query(
    'insert into "user" (id, name, email, "emailVerified") ' +
      "values ('ada', 'Ada', 'ada@example.com', false), ('ben', 'Ben', 'ben@example.com', false)",
  );
});
afterAll(async () => {
  await Promise.all([busy.end(), other.end()]);
  await database.drop();
});

/** Each for a user of their own: writes of one user wait for each other, since what they keep is counted. */
const addTask = (client: pg.Client) =>
  client.query(`insert into task (user_id, title) values ($1, 'A task')`, [client === busy ? 'ada' : 'ben']);

async function migrate(lockMs: number, ...wanted: (new () => MigrationInterface)[]): Promise<void> {
  const dataSource = await ownerDataSource(database.ownerUrl, 'session_guard_api', lockMs)
    .setOptions({ migrations: wanted, logging: false })
    .initialize();
  try {
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await dataSource.destroy();
  }
}

it('every migration can be run beside the release of before, or says why it may be all the same', async () => {
  const empty = await createTestDatabase('better-auth');
  const dataSource = await ownerDataSource(empty.ownerUrl, 'session_guard_api').initialize();
  const queryRunner = dataSource.createQueryRunner();
  try {
    for (const Migration of migrations) {
      const migration: Declared = new Migration();
      const statements: string[] = [];
      const query = (sql: string, parameters?: unknown[]): Promise<unknown> => {
        statements.push(sql);
        return queryRunner.query(sql, parameters);
      };
      await migration.up(Object.create(queryRunner, { query: { value: query } }) as QueryRunner);
      const found = dangers(statements);
      // A reason without a danger is one that was forgotten.
      expect([Migration.name, ...found]).toEqual(
        migration.safeBecause === undefined ? [Migration.name] : [Migration.name, expect.anything()],
      );
      // Outside of a transaction nothing is undone: such a migration does one thing.
      if (migration.transaction === false)
        expect(statements.filter((sql) => !/^(set|reset|drop index concurrently)\b/i.test(sql.trim()))).toHaveLength(1);
    }
  } finally {
    await queryRunner.release();
    await dataSource.destroy();
    await empty.drop();
  }
});

it('a migration that does not get its lock gives up instead of holding up everybody behind it', async () => {
  await busy.query('begin');
  await addTask(busy);
  await expect(migrate(100, ShortOfTime1900000000000)).rejects.toMatchObject({ code: '55P03' });
  await addTask(other);
  await busy.query('commit');
  await migrate(100, ShortOfTime1900000000000);
  expect((await other.query('select team from task')).rows).toEqual([{ team: null }, { team: null }]);
});

it('an index is made while the table is written to, also by those who began before', async () => {
  await busy.query('begin');
  await addTask(busy);
  const made = migrate(100, TaskDueIndex1900000001000);
  const waiting = async (): Promise<boolean> =>
    (
      await other.query(
        "select from pg_stat_activity where query like 'create index concurrently%' and wait_event_type = 'Lock' " +
          'and datname = current_database()',
      )
    ).rowCount === 1;
  expect(await until(waiting, 60_000)).toBe(true);
  await addTask(other);
  await busy.query('commit');
  await made;
  expect(
    (await other.query(`select indisvalid from pg_index where indexrelid = 'task_due_idx'::regclass`)).rows,
  ).toEqual([{ indisvalid: true }]);
});
