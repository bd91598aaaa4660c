import { randomBytes } from 'node:crypto';
import pg from 'pg';
import request from 'supertest';
import { SessionEvents, type AuthenticatedSession } from '@session-guard/auth';
import { refusedWithinBound } from '../../libs/session-auth/test/fixture.ts';
import { admin, serverUrl } from '../../test/server.ts';
import { clean } from '../src/operator/clean.ts';
import { createTestApp, type TestApp, type TestUser } from './app.ts';

const OWNER = `cleaner_${randomBytes(6).toString('hex')}`;

let api: TestApp;
let superuser: pg.Client;
/** As an owner who is no superuser, as a managed PostgreSQL has it: row level security is forced on them too. */
let ownerUrl: string;
let ada: TestUser;
let gone: TestUser;

beforeAll(async () => {
  api = await createTestApp();
  superuser = new pg.Client({ connectionString: api.database.ownerUrl });
  await superuser.connect();
  await superuser.query(`create role ${OWNER} login password 'for-a-test'`);
  for (const table of ['"user"', 'session', 'verification', '"rateLimit"', 'idempotency_key', 'task', 'task_usage'])
    await superuser.query(`alter table ${table} owner to ${OWNER}`);
  const url = new URL(api.database.ownerUrl);
  [url.username, url.password] = [OWNER, 'for-a-test'];
  ownerUrl = url.href;
  ada = await api.signUp('Ada');
  gone = await api.signUp('Grace');
});
afterAll(async () => {
  await superuser.end();
  await api.close();
  await admin(serverUrl(), (client) => client.query(`drop role ${OWNER}`));
});

const me = ({ bearer }: TestUser) => request(api.url).get('/api/me').set('authorization', bearer);
const addTask = ({ bearer }: TestUser, key: string) =>
  request(api.url).post('/api/tasks').set('authorization', bearer).set('idempotency-key', key).send({ title: 'Once' });
const ids = async (table: string): Promise<string[]> =>
  (await superuser.query<{ id: string }>(`select id from ${table} where id like 'row %' order by id`)).rows.map(
    ({ id }) => id,
  );

it('what has expired is removed, what counts stays, and no session that counts is disturbed', async () => {
  for (const user of [ada, gone]) for (const key of ['old', 'new']) await addTask(user, key).expect(201);
  await superuser.query(
    "update task set deleted_at = now() - interval '31 days' " +
      'where id in (select id from task where user_id = $1 limit 1)',
    [ada.id],
  );
  await superuser.query(`update idempotency_key set created_at = now() - interval '25 hours' where key = 'old'`);
  const session = (id: string, expires: string) =>
    superuser.query(
      'insert into session (id, token, "userId", "expiresAt", "updatedAt") ' +
        `values ($1, $1, $2, now() ${expires}, now())`,
      [id, ada.id],
    );
  await session('row expired 1', "- interval '25 hours'");
  await session('row expired 2', "- interval '30 days'");
  await session('row just expired', "- interval '1 hour'");
  await session('row valid', "+ interval '1 hour'");
  const verification = (id: string, expires: string) =>
    superuser.query(
      `insert into verification (id, identifier, value, "expiresAt") values ($1, 'x', 'y', now() ${expires})`,
      [id],
    );
  await verification('row expired', "- interval '25 hours'");
  await verification('row valid', "+ interval '1 hour'");
  const limit = (id: string, at: string) =>
    superuser.query(
      'insert into "rateLimit" (id, key, count, "lastRequest") ' +
        `values ($1, $1, 1, (extract(epoch from now() ${at}) * 1000)::bigint)`,
      [id],
    );
  await limit('row old', "- interval '61 minutes'");
  await limit('row new', "- interval '1 minute'");

  // Remembered before, one of them ended by its time.
  await me(ada).expect(200);
  await me(gone).expect(200);
  await superuser.query(`update session set "expiresAt" = now() - interval '2 days' where token = $1`, [gone.token]);
  await refusedWithinBound(() => me(gone));
  const { rows } = await superuser.query<AuthenticatedSession>('select id, "expiresAt" from session where token = $1', [
    ada.token,
  ]);
  const ended: string[] = [];
  const listening = api.app
    .get(SessionEvents)
    .ended(rows[0]!)
    .subscribe((reason) => ended.push(reason));

  expect(await clean({ databaseUrl: ownerUrl, batch: 1 })).toEqual({
    session: 3,
    verification: 1,
    rateLimit: 1,
    idempotency_key: 2,
    task: 1,
  });
  expect(await ids('session')).toEqual(['row just expired', 'row valid']);
  expect(await ids('verification')).toEqual(['row valid']);
  expect(await ids('"rateLimit"')).toEqual(['row new']);
  expect((await superuser.query('select key from idempotency_key')).rows).toEqual([{ key: 'new' }, { key: 'new' }]);
  await me(ada).expect(200);
  await me(gone).expect(401);
  expect(ended).toEqual([]);
  listening.unsubscribe();
});

it('a row in use is passed over, and removed by the next run', async () => {
  await superuser.query(
    'insert into verification (id, identifier, value, "expiresAt") ' +
      "values ('row held', 'x', 'y', now() - interval '2 days')",
  );
  await superuser.query('begin');
  await superuser.query(`select from verification where id = 'row held' for update`);
  expect(await clean({ databaseUrl: ownerUrl })).toMatchObject({ verification: 0 });
  await superuser.query('commit');
  expect(await clean({ databaseUrl: ownerUrl })).toMatchObject({ verification: 1 });
  expect(await clean({ databaseUrl: ownerUrl })).toEqual({
    session: 0,
    verification: 0,
    rateLimit: 0,
    idempotency_key: 0,
    task: 0,
  });
});
