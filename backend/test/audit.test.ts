import request from 'supertest';
import { createTestApp, type TestApp } from './app.ts';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp({ env: { LOG_LEVEL: 'error' } });
});
afterAll(() => api.close());

const audited = () =>
  api.logs.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ log }) => log === 'audit');

describe('the audit log', () => {
  it('a refused credential → who asked, for what, and why; also when LOG_LEVEL hides other lines', async () => {
    await request(api.url)
      .get('/api/me?secret=in-the-url')
      .set('authorization', 'Bearer not-a-session')
      .set('x-request-id', 'audit-1')
      .expect(401);
    expect(audited().find(({ reqId }) => reqId === 'audit-1')).toMatchObject({
      event: 'authentication.failed',
      reason: 'unknown_session',
      address: '127.0.0.1',
      method: 'GET',
      route: '/api/me',
      status: 401,
    });
    expect(api.logs.join('\n')).not.toMatch(/not-a-session|in-the-url/);
  });

  it('a request without a credential → missing', async () => {
    await request(api.url).get('/api/tasks').set('x-request-id', 'audit-2').expect(401);
    expect(audited().find(({ reqId }) => reqId === 'audit-2')).toMatchObject({ reason: 'missing' });
  });

  it('a permission refused to somebody known → their id', async () => {
    const ada = await api.signUp('Ada');
    await request(api.url)
      .post('/api/tasks')
      .set('cookie', ada.cookie)
      .set('origin', 'https://evil.example')
      .set('x-request-id', 'audit-3')
      .send({ title: 'x' })
      .expect(403);
    expect(audited().find(({ reqId }) => reqId === 'audit-3')).toMatchObject({
      event: 'permission.denied',
      reason: 'origin_not_trusted',
      userId: ada.id,
    });
  });

  it('a request that is let through → nothing', async () => {
    const ada = await api.signUp('Ada');
    await request(api.url).get('/api/me').set('authorization', ada.bearer).set('x-request-id', 'audit-4').expect(200);
    expect(audited().filter(({ reqId }) => reqId === 'audit-4')).toEqual([]);
  });
});
