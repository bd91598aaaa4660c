import pg from 'pg';
import { createAppBetterAuth, TEST_SECRET } from '../../test/better-auth.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { migrate } from '../src/operator/migrate.ts';

describe('what the API’s role may do', () => {
  let database: TestDatabase;
  let role: pg.Client;
  let token: string;
  const said: string[] = [];

  beforeAll(async () => {
    database = await createTestDatabase('app');
    // A copied database has none of the first one's own privileges: PostgreSQL leaves them behind. As each deployment
    // does:
    await migrate({ databaseUrl: database.ownerUrl, secret: TEST_SECRET, log: (line) => said.push(line) });
    const auth = createAppBetterAuth({ url: database.ownerUrl });
    const { headers, response } = await auth.api.signUpEmail({
      body: { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' },
      returnHeaders: true,
    });
    token = response.token ?? '';
    // Makes the first key, so that there is something to read.
    await auth.api.getToken({
      headers: new Headers({ authorization: `Bearer ${headers.get('set-auth-token') ?? ''}` }),
    });
    role = new pg.Client({ connectionString: database.apiUrl });
    await role.connect();
  });

  afterAll(async () => {
    await role.end();
    await database.drop();
  });

  it('is neither superuser nor BYPASSRLS nor anything else special', async () => {
    const { rows } = await role.query(
      'select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, ' +
        '(select count(*)::int from pg_auth_members where member = r.oid) as member_of from pg_roles r ' +
        'where rolname = current_user',
    );
    expect(rows).toEqual([
      {
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolreplication: false,
        member_of: 0,
      },
    ]);
  });

  it('reads sessions without their tokens, users and public keys', async () => {
    expect((await role.query('select id, "userId", "expiresAt" from session')).rowCount).toBe(1);
    expect((await role.query('select id, email from "user"')).rowCount).toBe(1);
    expect((await role.query('select id, "publicKey", "createdAt", alg, crv from jwks')).rowCount).toBe(1);
  });

  it('learns whose a session token is that it was given', async () => {
    const { rows } = await role.query('select * from session_guard_find_sessions($1)', [[token, 'another']]);
    expect(rows).toEqual([{ token, id: expect.any(String) }]);
  });

  it.each([
    ['session tokens', 'select token from session'],
    ['session tokens by a row', 'select s::text from session s'],
    ['session tokens by the lookup', 'select * from session_guard_find_sessions(array(select token from session))'],
    ['password hashes', 'select password from account'],
    ['any of account', 'select id from account'],
    ['reset codes', 'select value from verification'],
    ['private keys', 'select "privateKey" from jwks'],
    ['every column of jwks', 'select * from jwks'],
    ['private keys by a copy', 'copy jwks to stdout'],
    ['private keys through a row', 'select jwks::text from jwks'],
    ['two-factor secrets', 'select * from "twoFactor"'],
    ['the list of migrations', 'select * from api_migrations'],
  ])('can’t read %s', async (_what, sql) => {
    await expect(role.query(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    [
      'sign anyone in',
      `insert into session (id, token, "userId", "expiresAt", "updatedAt") values ('x', 'x', 'x', now(), now())`,
    ],
    ['prolong a session', `update session set "expiresAt" = now() + interval '1 year'`],
    ['end a session', 'delete from session'],
    ['make an administrator', `update "user" set role = 'admin'`],
    ['empty the tasks', 'truncate task'],
    ['switch policies off', 'alter table task disable row level security'],
    ['stop forcing policies', 'alter table task no force row level security'],
    ['change a policy', 'alter policy task_owner on task using (true)'],
    ['drop a policy', 'drop policy task_owner on task'],
    ['add a policy', 'create policy open on task using (true)'],
    ['drop a table', 'drop table task'],
    ['add a column', 'alter table task add column x int'],
    [
      'add a trigger',
      'create trigger x before insert on task for each row execute function suppress_redundant_updates_trigger()',
    ],
    ['make a table', 'create table x (id int)'],
    ['make a temporary table', 'create temporary table session (id text)'],
    ['make a temporary table of a query', 'select 1 as id into temporary x'],
    ['make a temporary view', 'create temporary view session as select 1 as id'],
    ['make a temporary sequence', 'create temporary sequence x'],
    ['make an object in the temporary schema', 'create function pg_temp.x() returns int language sql as $$select 1$$'],
    ['make a large object', 'select lo_creat(-1)'],
    ['make a large object by number', 'select lo_create(0)'],
    ['make a large object of bytes', `select lo_from_bytea(0, 'x')`],
    ['read a file', `select pg_read_file('PG_VERSION')`],
    ['read a file by a copy', `copy (select 1) to '/tmp/x'`],
    ['run a program', `copy (select 1) to program 'true'`],
    ['lock Better Auth’s sessions', 'do $$ begin lock table session in access share mode; end $$'],
    ['lock Better Auth’s users against writers', 'do $$ begin lock table "user" in share mode; end $$'],
    ['hold a user’s row', 'select from "user" for key share'],
    ['call the triggers’ maker', 'drop function session_guard_notify_row() cascade'],
    [
      'replace the lookup of tokens',
      'create or replace function session_guard_find_sessions(tokens text[]) returns table (token text, id text) ' +
        'language sql as $$select 1, 2$$',
    ],
    ['make a database', 'create database x'],
    [
      'end another role’s connection',
      'select pg_terminate_backend(pid) from pg_stat_activity where usename <> current_user limit 1',
    ],
    ['make a function', 'create function x() returns int language sql as $$select 1$$'],
    ['make a schema', 'create schema x'],
    ['become another role', 'set role postgres'],
    ['lift its own restrictions', 'alter role session_guard_api bypassrls'],
    ['replace the triggers', 'set session_replication_role = replica'],
  ])('can’t %s', async (_what, sql) => {
    await expect(role.query(sql)).rejects.toMatchObject({ code: expect.stringMatching(/^42501$/) });
  });

  it('can’t connect to another database', async () => {
    const { rows } = await role.query<{ name: string }>(
      "select datname as name from pg_database where has_database_privilege(oid, 'connect') and datallowconn " +
        "and datname !~ '^test_' and datname <> 'session_guard'",
    );
    expect(rows).toEqual([]);
    for (const name of ['postgres', 'template1']) {
      const url = new URL(database.apiUrl);
      url.pathname = `/${name}`;
      const client = new pg.Client({ connectionString: url.href });
      await expect(client.connect()).rejects.toMatchObject({ code: '42501' });
      await client.end().catch(() => undefined);
    }
  });

  it('finds temporary tables last, whatever the connection says first', async () => {
    expect((await role.query('show search_path')).rows).toEqual([{ search_path: 'public, pg_temp' }]);
  });

  it('can’t hold migrations up for ever: who has their lock is named', async () => {
    await role.query('select pg_advisory_lock(7362540)');
    await expect(migrate({ databaseUrl: database.ownerUrl, secret: TEST_SECRET })).rejects.toThrow(
      new RegExp(
        String.raw`The lock of migrations is held by process \d+ of the role "session_guard_api"[\s\S]*select ` +
          String.raw`pg_terminate_backend\(\d+\);`,
      ),
    );
    await role.query('select pg_advisory_unlock(7362540)');
  });

  it('is told of in a line where the migration may not restrict it: see migrate.test.ts', () => {
    expect(
      said.filter((line) => /make temporary tables|large objects|objects in schema|search path/.test(line)),
    ).toEqual([]);
  });

  it('row_security = off errors instead of showing rows', async () => {
    await role.query('set row_security = off');
    await expect(role.query('select * from task')).rejects.toMatchObject({ code: '42501' });
    await role.query('reset row_security');
  });

  it('a table that a later migration makes is closed until it is granted', async () => {
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query('create table later (id int)');
    await owner.end();
    await expect(role.query('select * from later')).rejects.toMatchObject({ code: '42501' });
  });

  it('deleting a user deletes their tasks, although policies are forced', async () => {
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    const { rows } = await owner.query<{ id: string }>('select id from "user"');
    await owner.query('insert into task (title, user_id) values ($1, $2)', ['mine', rows[0]!.id]);
    await owner.query('delete from "user"');
    expect((await owner.query('select * from task')).rowCount).toBe(0);
    await owner.end();
  });
});
