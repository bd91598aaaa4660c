import { randomBytes } from 'node:crypto';
import { getMigrations } from 'better-auth/db/migration';
import pg from 'pg';
import request from 'supertest';
import { createAppBetterAuth, TEST_SECRET } from '../../test/better-auth.ts';
import type { TestDatabase } from '../../test/database.ts';
import { createDatabaseWithIds, createEmptyDatabase, type DatabaseWithIds } from '../../test/ids.ts';
import { AuthTablesMissingError, migrate } from '../src/operator/migrate.ts';
import { RoleError } from '../src/operator/role.ts';
import { createTestApp, type TestApp } from './app.ts';

const OTHER_SECRET = 'another-secret-for-tests-only-0123456789';

async function asSuperuser(database: TestDatabase, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  const result = await client.query(sql);
  await client.end();
  return result;
}

function as(url: string, user: string, password: string, options?: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  if (options !== undefined) changed.searchParams.set('options', options);
  return changed.href;
}

/** Runs the migration and gives back what it refuses with. */
const refusal = (options: Parameters<typeof migrate>[0]): Promise<Error> =>
  migrate(options).then(
    (run) => {
      throw new Error(`it ran: ${run.join(', ')}`);
    },
    (error: Error) => error,
  );

describe('migrate() before Better Auth’s own migrations', () => {
  it('names the missing tables, the command, and the setting of a secondary storage', async () => {
    const database = await createEmptyDatabase();
    const options = { databaseUrl: database.ownerUrl, secret: TEST_SECRET };
    const error = await refusal(options);
    expect(error).toBeInstanceOf(AuthTablesMissingError);
    expect(error.message).toMatch(
      new RegExp(
        String.raw`^Better Auth's tables are missing \("user", "session", "account", "verification"\)\. .* ` +
          String.raw`frontend\/scripts\/migrate\.ts\.`,
      ),
    );
    await asSuperuser(
      database,
      'create table "user" (id text primary key); create table account (id text); create table verification (id text)',
    );
    expect((await refusal(options)).message).toMatch(/missing \("session"\).*session\.storeSessionInDatabase/);
    await database.drop();
  });
});

describe('migrate() by an owner who may not create roles', () => {
  const name = `owner_${randomBytes(4).toString('hex')}`;
  let database: TestDatabase;
  let databaseUrl: string;

  beforeAll(async () => {
    database = await createEmptyDatabase();
    await asSuperuser(
      database,
      `create role ${name} login password 'p'; alter database ${database.name} owner to ${name}; ` +
        `alter schema public owner to ${name}`,
    );
    databaseUrl = as(database.ownerUrl, name, 'p');
    const auth = createAppBetterAuth({ url: databaseUrl });
    await (await getMigrations(auth.options)).runMigrations();
  });
  afterAll(async () => {
    const server = as(database.ownerUrl, new URL(database.ownerUrl).username, new URL(database.ownerUrl).password);
    await database.drop();
    const client = new pg.Client({ connectionString: server.replace(`/${database.name}`, '/postgres') });
    await client.connect();
    await client.query(`drop role ${name}`);
    await client.end();
  });

  it('and there is none: the statements to run, and the variable to set', async () => {
    // Roles belong to the server, which has one already. This owner's connection looks them up in an empty list.
    await asSuperuser(
      database,
      'create view public.pg_roles as select * from pg_catalog.pg_roles where false; ' +
        'grant select on public.pg_roles to public',
    );
    const error = await refusal({
      databaseUrl: as(databaseUrl, name, 'p', '-c search_path=public,pg_catalog'),
      secret: TEST_SECRET,
    });
    await asSuperuser(database, 'drop view public.pg_roles');
    expect(error).toBeInstanceOf(RoleError);
    expect(error.message).toContain(`The role "${name}" of DATABASE_URL may not create roles. As one that may, run:`);
    expect(error.message).toContain(
      `create role session_guard_api login nosuperuser nobypassrls nocreaterole nocreatedb password '<a password>';`,
    );
    expect(error.message).toContain(`grant connect on database "${database.name}" to session_guard_api;`);
    expect(error.message).toMatch(
      new RegExp(`and set API_DATABASE_URL=postgres://session_guard_api:<that password>@[\\w.:]+/${database.name}$`),
    );
  });

  it('and the role has another secret’s password: the message says how to set it, without a password', async () => {
    const error = await refusal({ databaseUrl, secret: OTHER_SECRET });
    expect(error).toBeInstanceOf(RoleError);
    expect(error.message).toContain(
      'may not set the password of "session_guard_api", which is not the one derived from the secret.',
    );
    expect(error.message).toContain(
      `alter role session_guard_api login nosuperuser nobypassrls nocreaterole nocreatedb password '<a password>';`,
    );
    expect(error.message).not.toContain(new URL(database.apiUrl).password);
  });

  it('and API_DATABASE_URL names nobody: says who is missing', async () => {
    const error = await refusal({
      databaseUrl,
      secret: TEST_SECRET,
      apiDatabaseUrl: as(database.ownerUrl, 'nobody_at_all', 'secret-password'),
    });
    expect(error).toBeInstanceOf(RoleError);
    expect(error.message).toBe(
      'The role "nobody_at_all" of API_DATABASE_URL does not exist in this cluster: create it, or correct the name.',
    );
  });

  it('with a role made for it: migrates, and the API runs, search included', async () => {
    // Somebody else works in this database, and has been granted something there.
    const neighbour = `${name}_neighbour`;
    await asSuperuser(database, `create role ${neighbour}; grant select on "user" to ${neighbour}`);
    const said: string[] = [];
    const options = {
      databaseUrl,
      secret: OTHER_SECRET,
      apiDatabaseUrl: database.apiUrl,
      log: (line: string) => said.push(line),
    };
    await expect(migrate(options)).resolves.not.toEqual([]);
    // What this owner may take from everybody is taken, and the neighbour keeps it; what it may not take, it says.
    const { rows } = await asSuperuser(
      database,
      "select has_database_privilege('session_guard_api', current_database(), 'temporary') as api, " +
        `has_database_privilege('${neighbour}', current_database(), 'temporary') as neighbour`,
    );
    expect(rows).toEqual([{ api: false, neighbour: true }]);
    expect(said.join('\n')).toMatch(
      new RegExp(
        String.raw`may make large objects, which it doesn't need\. As one that may change it: revoke execute on ` +
          String.raw`function pg_catalog\.lo_creat\(integer\)`,
      ),
    );
    expect(said.join('\n')).toMatch(
      /search path of the role session_guard_api could not be pinned\. As one that may: alter role/,
    );
    await asSuperuser(database, `drop owned by ${neighbour}; drop role ${neighbour}`);
    const api = await createTestApp({ database });
    const ada = await api.signUp('Ada');
    await request(api.url)
      .post('/api/tasks')
      .set('authorization', ada.bearer)
      .send({ title: 'Write the first program' })
      .expect(201);
    const { body } = await request(api.url).get('/api/tasks?q=FIRST').set('authorization', ada.bearer).expect(200);
    expect(body.data).toHaveLength(1);
    await api.close();
  });
});

describe('the API where Better Auth’s ids are uuid', () => {
  let database: DatabaseWithIds;
  let api: TestApp;
  const people: { id: string; authorization: string }[] = [];

  beforeAll(async () => {
    database = await createDatabaseWithIds('uuid');
    await migrate({ databaseUrl: database.ownerUrl, secret: TEST_SECRET });
    api = await createTestApp({ database });
    for (const name of ['ada', 'bob']) {
      const { token, user } = await database.auth.api.signUpEmail({
        body: { name, email: `${name}@example.com`, password: 'correct horse battery' },
      });
      people.push({ id: user.id, authorization: `Bearer ${token ?? ''}` });
    }
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });

  it('tasks are kept apart, keys of idempotency too, and a sign-out is seen', async () => {
    const [ada, bob] = people;
    const post = (who: typeof ada, title: string) =>
      request(api.url)
        .post('/api/tasks')
        .set('authorization', who!.authorization)
        .set('idempotency-key', 'the-same')
        .send({ title });
    const { body: task } = await post(ada, 'of Ada').expect(201);
    expect((await post(ada, 'of Ada').expect(201)).body).toEqual(task);
    await post(bob, 'of Bob').expect(201);
    const { body: list } = await request(api.url)
      .get('/api/tasks')
      .set('authorization', ada!.authorization)
      .expect(200);
    expect(list.data.map(({ title }: { title: string }) => title)).toEqual(['of Ada']);
    await request(api.url)
      .get(`/api/tasks/${String(task.data.id)}`)
      .set('authorization', bob!.authorization)
      .expect(404);
    const { body: me } = await request(api.url).get('/api/me').set('authorization', ada!.authorization).expect(200);
    expect(me.data.user.id).toBe(ada!.id);
    await database.auth.api.signOut({ headers: new Headers({ authorization: ada!.authorization }) });
    while ((await request(api.url).get('/api/me').set('authorization', ada!.authorization)).status === 200);
    await request(api.url).get('/api/me').set('authorization', ada!.authorization).expect(401);
  });
});
