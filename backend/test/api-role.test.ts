import pg from 'pg';
import { createAppBetterAuth } from '../../test/better-auth.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';

describe('what the API’s role may do', () => {
  let database: TestDatabase;
  let role: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase('app');
    const auth = createAppBetterAuth({ url: database.ownerUrl });
    const { headers } = await auth.api.signUpEmail({
      body: { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' },
      returnHeaders: true,
    });
    // Makes the first key, so that there is something to read.
    await auth.api.getToken({ headers: new Headers({ authorization: `Bearer ${headers.get('set-auth-token') ?? ''}` }) });
    role = new pg.Client({ connectionString: database.apiUrl });
    await role.connect();
  });

  afterAll(async () => {
    await role.end();
    await database.drop();
  });

  it('is neither superuser nor BYPASSRLS nor anything else special', async () => {
    const { rows } = await role.query(
      'select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, (select count(*)::int from pg_auth_members where member = r.oid) as member_of from pg_roles r where rolname = current_user',
    );
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false, member_of: 0 }]);
  });

  it('reads sessions without their tokens, users and public keys', async () => {
    expect((await role.query('select id, "userId", "expiresAt" from session')).rowCount).toBe(1);
    expect((await role.query('select id, email from "user"')).rowCount).toBe(1);
    expect((await role.query('select id, "publicKey", "createdAt", alg, crv from jwks')).rowCount).toBe(1);
  });

  it.each([
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
    ['sign anyone in', `insert into session (id, token, "userId", "expiresAt", "updatedAt") values ('x', 'x', 'x', now(), now())`],
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
    ['add a trigger', 'create trigger x before insert on task for each row execute function suppress_redundant_updates_trigger()'],
    ['make a table', 'create table x (id int)'],
    ['make a function', 'create function x() returns int language sql as $$select 1$$'],
    ['make a schema', 'create schema x'],
    ['become another role', 'set role postgres'],
    ['lift its own restrictions', 'alter role session_guard_api bypassrls'],
    ['replace the triggers', 'set session_replication_role = replica'],
  ])('can’t %s', async (_what, sql) => {
    await expect(role.query(sql)).rejects.toMatchObject({ code: expect.stringMatching(/^42501$/) });
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
