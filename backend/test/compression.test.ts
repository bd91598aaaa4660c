import request from 'supertest';
import { createTestApp, type TestApp, type TestUser } from './app.ts';

let api: TestApp;
let ada: TestUser;

beforeAll(async () => {
  api = await createTestApp();
  ada = await api.signUp('Ada');
  const operations = Array.from({ length: 50 }, (_, index) => ({
    op: 'create',
    task: { title: `Task ${index}`, description: 'the same again '.repeat(10) },
  }));
  await request(api.url).post('/api/tasks/batch').set('authorization', ada.bearer).send({ operations }).expect(200);
});
afterAll(() => api.close());

const list = (encoding: string, query = 'limit=50'): request.Test =>
  request(api.url).get(`/api/tasks?${query}`).set('authorization', ada.bearer).set('accept-encoding', encoding);

describe('compression', () => {
  it.each(['gzip', 'br'])('a long list to a client that takes %s → compressed, and Vary says so', async (encoding) => {
    const { headers } = await list(encoding).expect(200);
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers['vary']).toMatch(/accept-encoding/i);
    expect(headers['vary']).toMatch(/Authorization, Cookie/);
  });

  it('the same list comes out as it went in', async () => {
    const plain = await list('identity').expect(200);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect((await list('gzip').expect(200)).body).toEqual(plain.body);
  });

  it('a short list, a single user and an error → as they are', async () => {
    for (const asked of [
      list('gzip', 'limit=1'),
      request(api.url).get('/api/me').set('authorization', ada.bearer),
      list('gzip', 'limit=x'),
    ]) {
      expect((await asked.set('accept-encoding', 'gzip')).headers['content-encoding']).toBeUndefined();
    }
  });
});

it('HSTS is sent where consumers come by https, and only there', async () => {
  const plain = await request(api.url).get('/api/health/live').expect(200);
  expect(plain.headers['strict-transport-security']).toBeUndefined();
  const secure = await createTestApp({
    database: api.database,
    env: { NEXT_PUBLIC_API_BASE_URL: 'https://api.example.com' },
  });
  try {
    await request(secure.url)
      .get('/api/health/live')
      .expect(200)
      .expect('strict-transport-security', /max-age=\d+/);
  } finally {
    await secure.close();
  }
});
