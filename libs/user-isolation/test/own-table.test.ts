import { identifier } from '@session-guard/core';
import pg from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { ownTable, type OwnTableOptions } from '../src/index.ts';
import { apiRole } from '../src/migration/own-table.ts';

let database: TestDatabase;
let source: DataSource;
let runner: QueryRunner;
let role: string;

beforeAll(async () => {
  database = await createTestDatabase('better-auth');
  role = `${database.name}_reader`;
  source = await new DataSource({ type: 'postgres', url: database.ownerUrl }).initialize();
  runner = source.createQueryRunner();
  await runner.query(`create role ${role}`);
  await runner.query(
    `insert into "user" (id, name, email, "emailVerified") values ('ada', 'Ada', 'ada@example.com', true)`,
  );
});
afterAll(async () => {
  await runner.query(`drop owned by ${role}; drop role ${role}`);
  await source.destroy();
  await database.drop();
});

/** What PostgreSQL says of a table that was made and owned. */
async function factsOf(table: string, options?: OwnTableOptions): Promise<Record<string, unknown>> {
  const name = identifier(table);
  await runner.query(
    `create table ${name} (id int, at timestamptz); grant all on ${name} to public, session_guard_api`,
  );
  await ownTable(runner, table, options);
  const [facts] = (await runner.query(
    `select attnotnull as required, format_type(atttypid, atttypmod) as type, pg_get_expr(adbin, adrelid) as default,
            relrowsecurity and relforcerowsecurity as walled,
            (select array_agg(indexdef) from pg_indexes where tablename = relname) as indexes,
            (select pg_get_constraintdef(oid) from pg_constraint where conrelid = pg_class.oid and contype = 'f')
              as reference,
            (select json_agg(json_build_array(polname, pg_get_expr(polqual, polrelid),
              pg_get_expr(polwithcheck, polrelid)))
               from pg_policy where polrelid = pg_class.oid) as policies,
            (select array_agg(distinct grantee || ' ' || privilege_type order by grantee || ' ' || privilege_type)
               from information_schema.role_table_grants where table_name = relname and grantee <> 'postgres') as grants
       from pg_class
       join pg_attribute on attrelid = pg_class.oid and attname = 'user_id'
       join pg_attrdef on adrelid = pg_class.oid and adnum = attnum
      where relname = $1`,
    [table],
  )) as Record<string, unknown>[];
  return facts ?? {};
}

const OWNER = `NULLIF(current_setting('app.user_id'::text, true), ''::text)`;

it('gives a table its owner column, a policy for reading and writing, an index and the API’s grants', async () => {
  const facts = await factsOf('note');
  const reference = 'FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE';
  expect(facts).toMatchObject({ required: true, type: 'text', default: OWNER, walled: true, reference });
  expect(facts['indexes']).toEqual(['CREATE INDEX note_user_id_idx ON public.note USING btree (user_id)']);
  const [[name, reading, writing]] = facts['policies'] as [[string, string, string]];
  expect(name).toBe('note_owner');
  expect(reading).toContain(OWNER);
  expect(writing).toBe(reading);
  expect(facts['grants']).toEqual(
    ['DELETE', 'INSERT', 'SELECT', 'UPDATE'].map((privilege) => `session_guard_api ${privilege}`),
  );
});

it('the list’s order, fewer privileges and another role, by the options', async () => {
  const facts = await factsOf('memo', { indexColumns: ['at desc', 'id'], privileges: ['SELECT', 'INSERT'], role });
  expect(facts['indexes']).toEqual(['CREATE INDEX memo_user_id_idx ON public.memo USING btree (user_id, at DESC, id)']);
  // The role of the other migrations keeps what it was granted by hand: only the named one is looked at.
  expect(facts['grants']).toEqual(expect.arrayContaining([`${role} INSERT`, `${role} SELECT`]));
  expect(
    (facts['grants'] as string[]).filter((grant) => grant.startsWith(role) || grant.startsWith('PUBLIC')),
  ).toHaveLength(2);
});

it('a name that has to be quoted, in every statement', async () => {
  const facts = await factsOf('Odd "name"');
  const policies = [['Odd "name"_owner', expect.any(String), expect.any(String)]];
  expect(facts).toMatchObject({ required: true, walled: true, policies });
});

it('an owner column that is there and filled is kept', async () => {
  await runner.query(`create table kept (id int, user_id text); insert into kept values (1, 'ada')`);
  await ownTable(runner, 'kept');
  expect(await runner.query('select user_id from kept')).toEqual([{ user_id: 'ada' }]);
  await runner.query(`delete from "user" where id = 'ada'`);
  expect(await runner.query('select user_id from kept')).toEqual([]);
});

it('the API’s role is the session’s setting, the default without one', async () => {
  expect(await apiRole(runner)).toBe('session_guard_api');
  await runner.query(`set app.api_role = ''`);
  expect(await apiRole(runner)).toBe('session_guard_api');
  await runner.query(`set app.api_role = '${role}'`);
  expect(await apiRole(runner)).toBe(role);
  expect((await factsOf('as_set'))['grants']).toContain(`${role} DELETE`);
});

it('rows of a table without owners are not given to anybody', async () => {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  await client.query('create table full_of (id int); insert into full_of values (1)');
  await client.end();
  await expect(ownTable(runner, 'full_of')).rejects.toThrow(/null values/);
});
