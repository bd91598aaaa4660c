import { DataSource } from 'typeorm';
import type { TestDatabase } from '../../../test/database.ts';
import { createDatabaseWithIds } from '../../../test/ids.ts';
import { checkIsolation, Isolation, type IsolatedDataSource, OwnedRepository, ownTable } from '../src/index.ts';
import { connectAs, Note } from './note.ts';

const COLUMNS = '(id uuid primary key default gen_random_uuid(), body text not null)';

async function asOwner<T>(database: TestDatabase, work: (source: DataSource) => Promise<T>): Promise<T> {
  const source = await new DataSource({ type: 'postgres', url: database.ownerUrl }).initialize();
  try {
    return await work(source);
  } finally {
    await source.destroy();
  }
}

const own = (database: TestDatabase, table: string): Promise<void> =>
  asOwner(database, (source) => ownTable(source.createQueryRunner(), table, { indexColumns: ['id'] }));

describe('owned rows where Better Auth’s ids are uuid', () => {
  let database: TestDatabase;
  let api: IsolatedDataSource;
  let notes: OwnedRepository<Note>;
  let isolation: Isolation;
  const ada = crypto.randomUUID();
  const bob = crypto.randomUUID();

  beforeAll(async () => {
    database = await createDatabaseWithIds('uuid');
    await asOwner(database, (source) => source.query(`create table note ${COLUMNS}`));
    await own(database, 'note');
    await asOwner(database, (source) =>
      source.query(
        'insert into "user" (id, name, email, "emailVerified") ' +
          "values ($1, 'Ada', 'ada@example.com', true), ($2, 'Bob', 'bob@example.com', true)",
        [ada, bob],
      ),
    );
    api = await connectAs(database.apiUrl);
    notes = new OwnedRepository(Note, api.manager);
    isolation = new Isolation(api);
    for (const [user, body] of [
      [ada, 'of Ada'],
      [bob, 'of Bob'],
    ] as const)
      await isolation.runAs(user, () => notes.insert({ body }));
  });
  afterAll(async () => {
    await api.destroy();
    await database.drop();
  });

  it('the owner’s column is uuid, and the start-up check is satisfied', async () => {
    const owners = await asOwner(database, (source) =>
      source.query<{ type: string }[]>(
        "select data_type as type from information_schema.columns where table_name = 'note' " +
          "and column_name = 'user_id'",
      ),
    );
    expect(owners).toEqual([{ type: 'uuid' }]);
    await expect(checkIsolation(api)).resolves.toBeUndefined();
  });

  it('each sees, changes and deletes their own', async () => {
    expect(await isolation.runAs(ada, () => notes.find())).toEqual([
      { id: expect.any(String), body: 'of Ada', userId: ada },
    ]);
    const [foreign] = await isolation.runAs(bob, () => notes.find());
    await isolation.runAs(ada, async () => {
      expect(await notes.findOneBy({ id: foreign!.id })).toBeNull();
      expect((await notes.update({ id: foreign!.id }, { body: 'taken' })).affected).toBe(0);
      expect((await notes.delete({ id: foreign!.id })).affected).toBe(0);
      await isolation.transaction(async () => notes.save({ body: 'second' }));
      expect(await notes.count()).toBe(2);
    });
  });

  it('the policy alone holds too: raw SQL of somebody who forgot the condition', async () => {
    expect(await isolation.runAs(bob, () => api.query('select body from note'))).toEqual([{ body: 'of Bob' }]);
    await expect(
      isolation.runAs(bob, () => api.query('insert into note (body, user_id) values ($1, $2)', ['forged', ada])),
    ).rejects.toThrow(/row-level security/);
    expect(await api.query('select * from note')).toEqual([]);
  });

  it('an owner column of another type is refused by ownTable, and its advice works', async () => {
    await asOwner(database, (source) =>
      source.query(`create table memo ${COLUMNS.replace('body', 'user_id text, body')}`),
    );
    const advice = 'alter table "memo" alter column user_id type uuid using user_id::uuid;';
    await expect(own(database, 'memo')).rejects.toThrow(
      `"memo"."user_id" is text, but Better Auth's ids are uuid. Leave the column out and let ownTable add it, or, ` +
        `before: ${advice}`,
    );
    await asOwner(database, (source) => source.query(advice));
    await own(database, 'memo');
  });
});

describe('where Better Auth’s ids are numbers', () => {
  it('ownTable refuses, and says so too where there are none', async () => {
    const database = await createDatabaseWithIds('serial');
    await asOwner(database, (source) => source.query(`create table note ${COLUMNS}`));
    await expect(own(database, 'note')).rejects.toThrow(
      "Better Auth's ids are integer here. Owned tables need text, its default, or uuid: set " +
        'advanced.database.generateId',
    );
    await asOwner(database, (source) => source.query('drop table "user" cascade'));
    await expect(own(database, 'note')).rejects.toThrow(
      'Better Auth\'s table "user" is missing: run its migrations before these.',
    );
    await database.drop();
  });
});
