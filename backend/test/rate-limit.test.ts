import { once } from 'node:events';
import { connect } from 'node:net';
import { SessionRepository } from '@session-guard/auth';
import request from 'supertest';
import { createTestApp, type TestApp, type TestUser } from './app.ts';
import { startRedisDouble, type RedisDouble } from './redis-double.ts';

let api: TestApp;
let ada: TestUser;

beforeAll(async () => {
  api = await createTestApp({ env: { RATE_LIMIT: '5' } });
  ada = await api.signUp('Ada');
});
afterAll(() => api.close());

const me = (url: string, user: TestUser): request.Test => request(url).get('/api/me').set('authorization', user.bearer);

describe('RATE_LIMIT=5', () => {
  it('the sixth request of a user in a minute → 429 with Retry-After, whatever the credential', async () => {
    const first = await me(api.url, ada).expect(200);
    expect(first.headers).toMatchObject({
      'ratelimit-limit': '5',
      'ratelimit-remaining': '4',
      'ratelimit-reset': '60',
    });
    await request(api.url).get('/api/me').set('cookie', ada.cookie).expect(200);
    await request(api.url).get('/api/me').set('authorization', `Bearer ${ada.jwt}`).expect(200);
    await me(api.url, ada).expect(200);
    await me(api.url, ada).expect(200).expect('ratelimit-remaining', '0');
    const refused = await me(api.url, ada).expect(429);
    expect(refused.body).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  it('another user behind the same address is not stopped', async () => {
    const ben = await api.signUp('Ben');
    await me(api.url, ben).expect(200);
  });

  it('tokens tried from one address → 429 from the sixth on, whatever X-Forwarded-For says', async () => {
    const ben = await api.signUp('Ben');
    await me(api.url, ben).expect(200);
    const statuses = [];
    for (let index = 0; index < 8; index += 1) {
      const { status } = await request(api.url)
        .get('/api/me')
        .set('authorization', `Bearer guess${index}`)
        .set('x-forwarded-for', `203.0.113.${index}`)
        .set('forwarded', `for=203.0.113.${index}`)
        .set('x-real-ip', `203.0.113.${index}`);
      statuses.push(status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    // Whoever is remembered behind the same address goes on; a token nobody knows yet waits with the others.
    await me(api.url, ben).expect(200);
    const late = await me(api.url, await api.signUp('Late')).expect(429);
    expect(late.headers).toMatchObject({
      'ratelimit-limit': '5',
      'ratelimit-remaining': '0',
      'retry-after': late.headers['ratelimit-reset'],
    });
  });

  it('health has no limit', async () => {
    for (let index = 0; index < 8; index += 1) await request(api.url).get('/api/health/live').expect(200);
  });
});

describe('what proves nobody counts against its address', () => {
  let behind: TestApp;
  let lookups: jest.SpyInstance;
  let addresses = 0;
  const next = (): string => `203.0.113.${(addresses += 1)}`;

  beforeAll(async () => {
    behind = await createTestApp({ env: { RATE_LIMIT: '5', TRUSTED_PROXIES: 'loopback' }, database: api.database });
    lookups = jest.spyOn(behind.app.get(SessionRepository), 'findByToken');
  });
  afterAll(() => behind.close());

  const times = async (count: number, send: (index: number) => request.Test): Promise<number[]> => {
    const statuses = [];
    for (let index = 0; index < count; index += 1) statuses.push((await send(index)).status);
    return statuses;
  };
  const guess = (address: string, token: string): request.Test =>
    request(behind.url).get('/api/me').set('x-forwarded-for', address).set('authorization', `Bearer ${token}`);

  it.each<[string, number, (address: string) => request.Test]>([
    ['an unknown route', 404, (address) => request(behind.url).get('/api/nowhere').set('x-forwarded-for', address)],
    [
      'an unknown route outside of the API',
      404,
      (address) => request(behind.url).get('/wp-login.php').set('x-forwarded-for', address),
    ],
    [
      'a method a path does not have',
      405,
      (address) => request(behind.url).put('/api/tasks').set('x-forwarded-for', address),
    ],
    ['no credential', 401, (address) => request(behind.url).get('/api/me').set('x-forwarded-for', address)],
    [
      'malformed JSON',
      400,
      (address) =>
        request(behind.url)
          .post('/api/tasks')
          .set('content-type', 'application/json')
          .send('{')
          .set('x-forwarded-for', address),
    ],
    [
      'another type of body',
      415,
      (address) =>
        request(behind.url)
          .post('/api/tasks')
          .set('content-type', 'text/plain')
          .send('x')
          .set('x-forwarded-for', address),
    ],
    [
      'an encoded body',
      415,
      (address) =>
        request(behind.url)
          .post('/api/tasks')
          .set('content-type', 'application/json')
          .set('content-encoding', 'gzip')
          .send('x')
          .set('x-forwarded-for', address),
    ],
    [
      'too large a body',
      413,
      (address) =>
        request(behind.url)
          .post('/api/tasks')
          .send({ title: 'x'.repeat(1_100_000) })
          .set('x-forwarded-for', address),
    ],
    [
      'the OpenAPI document',
      200,
      (address) => request(behind.url).get('/api/openapi.json').set('x-forwarded-for', address),
    ],
    ['the reference', 200, (address) => request(behind.url).get('/api/docs').set('x-forwarded-for', address)],
    [
      'OPTIONS that is no preflight',
      405,
      (address) => request(behind.url).options('/api/tasks').set('x-forwarded-for', address),
    ],
  ])('%s → %i five times a minute, then 429', async (_name, status, send) => {
    const address = next();
    expect(await times(7, () => send(address))).toEqual([status, status, status, status, status, 429, 429]);
    const other = await send(next());
    expect(other.status).toBe(status);
    expect(other.headers['ratelimit-remaining']).toBe('4');
  });

  it('past the limit the database is not asked, one after the other or all at once', async () => {
    for (const address of [next(), next()]) {
      lookups.mockClear();
      const all = Array.from({ length: 40 }, (_, index) => guess(address, `${address} guess ${index}`));
      const statuses =
        addresses % 2 === 0
          ? (await Promise.all(all)).map(({ status }) => status)
          : await times(40, (index) => all[index] ?? guess(address, 'none'));
      expect(statuses.filter((status) => status === 401)).toHaveLength(5);
      expect(statuses.filter((status) => status === 429)).toHaveLength(35);
      expect(lookups.mock.calls.length).toBeLessThanOrEqual(5);
    }
  });

  it('past the limit a body is not waited for', async () => {
    const address = next();
    await times(6, (index) => guess(address, `other ${index}`));
    const socket = connect(Number(new URL(behind.url).port), '127.0.0.1');
    socket.write(
      `POST /api/tasks HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${address}\r\nAuthorization: Bearer ` +
        'x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n',
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 429 /);
    expect(answer.toString()).toContain('"code":"rate_limited"');
  });

  it('who is remembered behind such an address goes on, health answers, and preflights pass', async () => {
    const address = next();
    const cleo = await behind.signUp('Cleo');
    await guess(address, cleo.token).expect(200);
    await times(6, (index) => guess(address, `cleo ${index}`));
    await guess(address, cleo.token).expect(200);
    for (const path of ['/api/health/live', '/api/health/ready'])
      expect(await times(8, () => request(behind.url).get(path).set('x-forwarded-for', address))).toEqual(
        Array.from({ length: 8 }, () => 200),
      );
    await request(behind.url)
      .options('/api/tasks')
      .set('x-forwarded-for', address)
      .set('origin', 'http://localhost:3000')
      .set('access-control-request-method', 'POST')
      .expect(204);
  });

  it('lookups that prove somebody leave no trace', async () => {
    const address = next();
    const people = await Promise.all(Array.from({ length: 8 }, () => behind.signUp()));
    expect(await times(8, (index) => guess(address, people[index]?.token ?? ''))).toEqual(
      Array.from({ length: 8 }, () => 200),
    );
  });

  it('who is known and refused counts as that user', async () => {
    const dan = await behind.signUp('Dan');
    const forged = (): request.Test =>
      request(behind.url)
        .post('/api/tasks')
        .set('cookie', dan.cookie)
        .set('x-forwarded-for', next())
        .send({ title: 'x' });
    expect(await times(7, forged)).toEqual([403, 403, 403, 403, 403, 429, 429]);
  });
});

it('with TRUSTED_PROXIES=loopback, the last address of X-Forwarded-For counts, not what a client wrote', async () => {
  const behind = await createTestApp({ env: { RATE_LIMIT: '2', TRUSTED_PROXIES: 'loopback' }, database: api.database });
  const guess = async (forwarded: string): Promise<number> =>
    (await request(behind.url).get('/api/me').set('authorization', 'Bearer guess').set('x-forwarded-for', forwarded))
      .status;
  try {
    expect([
      await guess('1.1.1.1, 203.0.113.1'),
      await guess('2.2.2.2, 203.0.113.1'),
      await guess('3.3.3.3, 203.0.113.1'),
    ]).toEqual([401, 401, 429]);
    expect(await guess('1.1.1.1, 203.0.113.2')).toBe(401);
  } finally {
    await behind.close();
  }
});

describe('REDIS_URL', () => {
  let redis: RedisDouble;
  beforeAll(async () => {
    redis = await startRedisDouble();
  });
  afterAll(() => redis.stop());

  it('two instances share their counters; without Redis each goes on by itself', async () => {
    const env = { RATE_LIMIT: '3', REDIS_URL: redis.url };
    const [one, two] = await Promise.all([
      createTestApp({ env, database: api.database }),
      createTestApp({ env, database: api.database }),
    ]);
    try {
      const cleo = await api.signUp('Cleo');
      await redis.connected(2);
      const statuses = [];
      for (const app of [one, two, one, two]) statuses.push((await me(app.url, cleo)).status);
      expect(statuses).toEqual([200, 200, 200, 429]);
      await redis.stop();
      expect((await me(one.url, cleo)).status).toBe(200);
    } finally {
      await Promise.all([one.close(), two.close()]);
    }
  });
});
