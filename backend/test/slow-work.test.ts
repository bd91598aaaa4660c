import { randomUUID } from 'node:crypto';
import pg from 'pg';
import request from 'supertest';
import { createTestApp, type TestApp, type TestUser } from './app.ts';
import { PaymentsModule, World } from './slow-work.ts';

const SLOW = 12;
let api: TestApp;
let owner: pg.Client;
let ada: TestUser;
let ben: TestUser;

beforeAll(async () => {
  api = await createTestApp({ modules: [PaymentsModule] });
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
  ada = await api.signUp('Ada');
  ben = await api.signUp('Ben');
});
afterAll(async () => {
  await owner.end();
  await api.close();
});

const post = (user: TestUser, path: string, body: object = {}, key?: string): request.Test => {
  const asked = request(api.url).post(`/api${path}`).set('authorization', user.bearer);
  return (key === undefined ? asked : asked.set('idempotency-key', key)).send(body);
};
const expectServed = async (user: TestUser): Promise<void> => {
  await post(user, '/tasks', { title: 'Meanwhile' }).expect(201);
  await post(user, '/tasks', { title: 'Meanwhile' }, randomUUID()).expect(201);
  await request(api.url).get('/api/tasks').set('authorization', user.bearer).expect(200);
};

it(`${SLOW} requests with a key that wait for another service hold no connection`, async () => {
  const world = api.app.get(World);
  const payments = Array.from({ length: SLOW }, (_, amount) =>
    post(ada, '/payments', { amount }, `payment-${amount}`).then(({ status }) => status),
  );
  while (world.waiting < SLOW) await owner.query('select pg_sleep(0.05)');

  const { rows } = await owner.query(
    `select pid from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
  );
  expect(rows).toEqual([]);
  await expectServed(ben);
  await expectServed(ada);
  const copy = await post(ada, '/payments', { amount: 0 }, 'payment-0');
  expect(copy.body.code).toBe('idempotency_in_flight');
  expect(copy.headers['retry-after']).toBeDefined();
  const other = await post(ada, '/payments', { amount: 99 }, 'payment-0');
  expect(other.body.code).toBe('idempotency_key_reused');

  world.open();
  expect(await Promise.all(payments)).toEqual(Array.from({ length: SLOW }, () => 201));
  await post(ada, '/payments', { amount: 0 }, 'payment-0').expect(201);
  expect(world.done).toHaveLength(SLOW);
});

it(`${SLOW} slow statements of one user leave connections for everybody else`, async () => {
  const slow = Array.from({ length: SLOW }, () =>
    post(ada, '/payments/slow').then(({ status, body }) => (status === 503 ? body.code : status)),
  );
  const busy =
    "select from pg_stat_activity where datname = current_database() and query like '%pg_sleep(1)%' " +
    "and state = 'active' and pid <> pg_backend_pid()";
  while ((await owner.query(busy)).rowCount === 0) await owner.query('select pg_sleep(0.02)');
  await expectServed(ben);
  const answers = await Promise.all(slow);
  expect(answers.filter((answer) => answer !== 201 && answer !== 'too_many_at_once')).toEqual([]);
  expect(answers).toContain(201);
});

describe('a key whose process died', () => {
  const leave = (key: string, age: string): Promise<unknown> =>
    owner.query(
      'update idempotency_key set body = null, headers = null, created_at = now() - $2::interval where key = $1',
      [key, age],
    );

  it('is in flight for a minute', async () => {
    await post(ada, '/tasks', { title: 'Died' }, 'died').expect(201);
    await leave('died', '50 seconds');
    const { body } = await post(ada, '/tasks', { title: 'Died' }, 'died').expect(409);
    expect(body.code).toBe('idempotency_in_flight');
  });

  it('is free after that, for one of its copies', async () => {
    await leave('died', '61 seconds');
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post(ada, '/tasks', { title: 'Died' }, 'died').expect(201)),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });
});

it('an answer older than a day is forgotten', async () => {
  const first = await post(ada, '/tasks', { title: 'Old' }, 'old').expect(201);
  await owner.query(`update idempotency_key set created_at = now() - interval '25 hours' where key = 'old'`);
  const second = await post(ada, '/tasks', { title: 'Another' }, 'old').expect(201);
  expect(second.body.data.id).not.toBe(first.body.data.id);
});

it('rows whose key was taken over are rolled back: the work is done once', async () => {
  const count = async (): Promise<number> =>
    (await owner.query(`select from task where title = 'Overtaken'`)).rowCount ?? 0;
  await owner.query(`create function overtake() returns trigger language plpgsql security definer as $$
    begin update idempotency_key set claim = gen_random_uuid() where key = 'overtaken'; return new; end $$`);
  await owner.query(
    "create trigger overtake before insert on task for each row when (new.title = 'Overtaken') " +
      'execute function overtake()',
  );
  const { body, headers } = await post(ada, '/tasks', { title: 'Overtaken' }, 'overtaken').expect(409);
  expect(body.code).toBe('idempotency_in_flight');
  expect(headers).not.toHaveProperty('location');
  expect(headers).not.toHaveProperty('etag');
  expect(await count()).toBe(0);
});
