import request from 'supertest';
import { startTcpProxy, type TcpProxy } from '../../libs/session-auth/test/processes/tcp-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { createTestApp, type TestApp, type TestUser } from './app.ts';

const BOUND_MS = 5_000;
let database: TestDatabase;
let proxy: TcpProxy;
let api: TestApp;
let ada: TestUser;
let id: string;

beforeAll(async () => {
  database = await createTestDatabase('app');
  proxy = await startTcpProxy(database.apiUrl);
  api = await createTestApp({ database, env: { API_DATABASE_URL: proxy.url } });
  ada = await api.signUp('Ada');
  id = (await request(api.url).post('/api/tasks').set('authorization', ada.bearer).send({ title: 'Kept' }).expect(201))
    .body.data.id;
});
afterAll(async () => {
  await api.close();
  await proxy.close();
  await database.drop();
});

/** Every route that needs the database, asked with a remembered credential and with an unknown one. */
const requests = (bearer: string): request.Test[] =>
  [
    request(api.url).get('/api/tasks'),
    request(api.url).get('/api/tasks?q=kept&sort=-dueAt'),
    request(api.url).get(`/api/tasks/${id}`),
    request(api.url).post('/api/tasks').send({ title: 'Lost' }),
    request(api.url).post('/api/tasks').set('idempotency-key', 'outage').send({ title: 'Lost' }),
    request(api.url)
      .post('/api/tasks/batch')
      .send({
        operations: [
          { op: 'create', task: { title: 'Lost' } },
          { op: 'delete', id },
        ],
      }),
    request(api.url).patch(`/api/tasks/${id}`).send({ title: 'Lost' }),
    request(api.url).delete(`/api/tasks/${id}`).set('if-match', '"1"'),
  ].map((asked) => asked.set('authorization', bearer));

async function expectUnavailable(asked: request.Test): Promise<void> {
  const startedAt = performance.now();
  const response = await asked;
  const took = performance.now() - startedAt;
  expect({ status: response.status, path: asked.url }).toEqual({ status: 503, path: asked.url });
  expect(took).toBeLessThan(BOUND_MS);
  expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(response.text).not.toMatch(/127\.0\.0\.1|ECONN|timeout|pool|postgres/i);
}

const recovered = async (): Promise<void> => {
  const limit = AbortSignal.timeout(10_000);
  for (;;) {
    const { status } = await request(api.url).get(`/api/tasks/${id}`).set('authorization', ada.bearer);
    if (status === 200) return;
    expect(status).toBe(503);
    if (limit.aborted) throw new Error('It did not recover in 10 s');
  }
};

describe.each([
  ['frozen: packets are swallowed', () => proxy.freeze()],
  [
    'cut: every connection ends and no new one lives',
    () => {
      proxy.freeze();
      proxy.thaw();
      proxy.freeze();
    },
  ],
])('the database is %s', (_name, fail) => {
  beforeAll(() => fail());
  afterAll(async () => {
    proxy.thaw();
    await recovered();
  });

  it('every route → 503 with Retry-After within 5 s, ten at a time', async () => {
    await Promise.all(requests(ada.bearer).map(expectUnavailable));
  });

  it('a credential that must be looked up → 503, never 401', async () => {
    await Promise.all(
      [...requests('Bearer unknown'), request(api.url).get('/api/me').set('authorization', 'Bearer unknown')].map(
        expectUnavailable,
      ),
    );
  });

  it('liveness → 200 at once, also with a credential', async () => {
    const startedAt = performance.now();
    await request(api.url).get('/api/health/live').set('authorization', 'Bearer unknown').expect(200);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('readiness → 503 and no host or port', async () => {
    await expectUnavailable(request(api.url).get('/api/health/ready'));
  });
});

it('the database back → everything as before, without a restart', async () => {
  await recovered();
  const { body } = await request(api.url).get('/api/tasks').set('authorization', ada.bearer).expect(200);
  expect(body.data.map((task: { title: string }) => task.title)).toEqual(['Kept']);
  await request(api.url)
    .post('/api/tasks')
    .set('authorization', ada.bearer)
    .set('idempotency-key', 'outage')
    .send({ title: 'Now' })
    .expect(201);
});

it('every connection busy → 503 within the bound, then served again', async () => {
  const { default: pg } = await import('pg');
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  try {
    await owner.query('begin');
    await owner.query('select from task where id = $1 for update', [id]);
    const patches = Array.from({ length: 30 }, () =>
      request(api.url).patch(`/api/tasks/${id}`).set('authorization', ada.bearer).send({ title: 'Waits' }),
    );
    await Promise.all(patches.map(expectUnavailable));
    await owner.query('rollback');
  } finally {
    await owner.end();
  }
  await recovered();
});
