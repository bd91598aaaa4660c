import request from 'supertest';
import { refusedWithinBound } from '../../libs/session-auth/test/fixture.ts';
import { createTestApp, type TestApp } from './app.ts';

let api: TestApp;

beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());

describe('GET /api/me', () => {
  it('without a credential → 401 problem+json with a challenge and no error code', async () => {
    const response = await request(api.url).get('/api/me').expect(401);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(response.headers['www-authenticate']).toBe('Bearer realm="api"');
    expect(response.body).toMatchObject({ status: 401, code: 'unauthenticated', title: 'Unauthorized' });
    expect(response.body.requestId).toBe(response.headers['x-request-id']);
  });

  it.each(['token', 'signedToken', 'jwt'] as const)('with the %s as Bearer → 200', async (kind) => {
    const ada = await api.signUp('Ada');
    const response = await request(api.url).get('/api/me').set('authorization', `Bearer ${ada[kind]}`).expect(200);
    expect(response.body.data.user).toEqual({
      id: ada.id,
      name: 'Ada',
      email: ada.email,
      emailVerified: false,
      image: null,
      role: 'user',
    });
    expect(Object.keys(response.body.data.session)).toEqual(['id', 'createdAt', 'expiresAt', 'impersonatedBy']);
    expect(JSON.stringify(response.body)).not.toContain(ada.token);
  });

  it('with the session cookie → 200', async () => {
    const ada = await api.signUp('Ada');
    await request(api.url).get('/api/me').set('cookie', ada.cookie).expect(200);
  });

  it('after sign-out, every credential of the session → 401 with one body', async () => {
    const ada = await api.signUp('Ada');
    const ask = (): request.Test[] => [
      request(api.url).get('/api/me').set('authorization', ada.bearer),
      request(api.url).get('/api/me').set('authorization', `Bearer ${ada.signedToken}`),
      request(api.url).get('/api/me').set('authorization', `Bearer ${ada.jwt}`),
      request(api.url).get('/api/me').set('cookie', ada.cookie),
    ];
    for (const asked of ask()) await asked.expect(200);
    await api.signOut(ada);
    await refusedWithinBound(() => request(api.url).get('/api/me').set('cookie', ada.cookie));
    const bodies = [];
    for (const asked of ask()) {
      const { requestId, ...body } = (await asked.expect(401)).body;
      expect(requestId).toEqual(expect.any(String));
      bodies.push(JSON.stringify(body));
    }
    expect(new Set(bodies).size).toBe(1);
  });
});
