import request from 'supertest';
import { createProbe, createWorld, refusedWithinBound, signUp, type ProbeApp, type World } from './fixture.ts';

describe('GET /me with a credential of the real Better Auth', () => {
  let world: World;
  let probe: ProbeApp;

  beforeAll(async () => {
    world = await createWorld();
    probe = await createProbe(world.database.ownerUrl);
  });
  afterAll(async () => {
    await probe.app.close();
    await world.close();
  });

  it('raw token, signed token, cookie and JWT → 200, after sign-out → 401 on the next request', async () => {
    const person = await signUp(world.auth);
    const jwt = await person.jwt();
    const server = probe.app.getHttpServer();
    const ask = () =>
      Promise.all([
        request(server).get('/me').set('Authorization', `Bearer ${person.token}`),
        request(server).get('/me').set('Authorization', `Bearer ${person.signed}`),
        request(server).get('/me').set('Authorization', `Bearer ${jwt}`),
        request(server).get('/me').set('Cookie', person.cookie),
      ]);
    for (let round = 0; round < 2; round++) {
      for (const response of await ask()) {
        expect(response.body).toMatchObject({ user: { id: person.userId, email: person.email } });
        expect(response.status).toBe(200);
        expect(JSON.stringify(response.body)).not.toContain(person.token);
      }
    }
    await world.auth.api.signOut({ headers: new Headers({ cookie: person.cookie, origin: 'http://localhost:3000' }) });
    await refusedWithinBound(() => request(server).get('/me').set('Cookie', person.cookie));
    const after = await ask();
    expect(after.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(new Set(after.map(({ text }) => text)).size).toBe(1);
  });
});
