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
  test('the sixth request of a user in a minute → 429 with Retry-After, whatever the credential', async () => {
    const first = await me(api.url, ada).expect(200);
    expect(first.headers).toMatchObject({ 'ratelimit-limit': '5', 'ratelimit-remaining': '4', 'ratelimit-reset': '60' });
    await request(api.url).get('/api/me').set('cookie', ada.cookie).expect(200);
    await request(api.url).get('/api/me').set('authorization', `Bearer ${ada.jwt}`).expect(200);
    await me(api.url, ada).expect(200);
    await me(api.url, ada).expect(200).expect('ratelimit-remaining', '0');
    const refused = await me(api.url, ada).expect(429);
    expect(refused.body).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  test('another user behind the same address is not stopped', async () => {
    const ben = await api.signUp('Ben');
    await me(api.url, ben).expect(200);
  });

  test('39: tokens tried from one address → 429 from the sixth on, and a spoofed X-Forwarded-For changes nothing', async () => {
    const ben = await api.signUp('Ben');
    const statuses = [];
    for (let index = 0; index < 8; index += 1) {
      const { status } = await request(api.url).get('/api/me').set('authorization', `Bearer guess${index}`).set('x-forwarded-for', `203.0.113.${index}`).set('forwarded', `for=203.0.113.${index}`).set('x-real-ip', `203.0.113.${index}`);
      statuses.push(status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    // Whoever has a good token behind the same address goes on.
    await me(api.url, ben).expect(200);
  });

  test('health has no limit', async () => {
    for (let index = 0; index < 8; index += 1) await request(api.url).get('/api/health/live').expect(200);
  });
});

test('39: with TRUSTED_PROXIES=loopback, X-Forwarded-For counts from the right, and what a client wrote before it does not', async () => {
  const behind = await createTestApp({ env: { RATE_LIMIT: '2', TRUSTED_PROXIES: 'loopback' }, database: api.database });
  const guess = async (forwarded: string): Promise<number> => (await request(behind.url).get('/api/me').set('authorization', 'Bearer guess').set('x-forwarded-for', forwarded)).status;
  try {
    expect([await guess('1.1.1.1, 203.0.113.1'), await guess('2.2.2.2, 203.0.113.1'), await guess('3.3.3.3, 203.0.113.1')]).toEqual([401, 401, 429]);
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

  test('two instances share their counters; without Redis each goes on by itself', async () => {
    const env = { RATE_LIMIT: '3', REDIS_URL: redis.url };
    const [one, two] = await Promise.all([createTestApp({ env, database: api.database }), createTestApp({ env, database: api.database })]);
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
