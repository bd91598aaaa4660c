import pg from 'pg';
import { AuthTestKit } from '@session-guard/auth/testing';
import { createBetterAuth, TEST_BASE_URL, TEST_SECRET } from '../../../test/better-auth.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';

/** The kit knows Better Auth's tables and signatures by itself; here the real one says whether it is right. */
describe('what the test kit writes, the real Better Auth accepts:', () => {
  let database: TestDatabase;
  let owner: pg.Pool;
  let kit: AuthTestKit;
  let auth: ReturnType<typeof createBetterAuth>;

  beforeAll(async () => {
    database = await createTestDatabase('better-auth');
    owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
    owner.on('error', () => undefined);
    kit = new AuthTestKit({ database: owner, secret: TEST_SECRET, baseURL: TEST_BASE_URL });
    auth = createBetterAuth({ pool: owner });
  });
  afterAll(async () => {
    await owner.end();
    await database.drop();
  });

  const sessionBy = (headers: Record<string, string>) => auth.api.getSession({ headers: new Headers(headers) });

  it('raw token, signed token and cookie → the user and session', async () => {
    const who = await kit.signIn({ name: 'Ada', role: 'admin' }, { userAgent: 'jest' });
    for (const headers of [
      { authorization: `Bearer ${who.token}` },
      { authorization: `Bearer ${who.signedToken}` },
      { cookie: who.cookie },
    ]) {
      await expect(sessionBy(headers)).resolves.toMatchObject({
        user: { id: who.userId, name: 'Ada', role: 'admin' },
        session: { id: who.sessionId, userAgent: 'jest' },
      });
    }
  });

  it('a JWT → the same claims', async () => {
    const who = await kit.signIn();
    const jwt = await kit.jwt(who);
    await expect(auth.api.verifyJWT({ body: { token: jwt } })).resolves.toMatchObject({
      payload: { sub: who.userId, sid: who.sessionId, iss: TEST_BASE_URL, aud: TEST_BASE_URL },
    });
    await expect(auth.api.verifyJWT({ body: { token: await kit.jwt(who, {}, -60) } })).resolves.toEqual({
      payload: null,
    });
  });

  it('revoked, expired or deleted → no session', async () => {
    const [revoked, expired, deleted] = await Promise.all([kit.signIn(), kit.signIn(), kit.signIn()]);
    await kit.revoke(revoked.sessionId);
    await kit.expire(expired.sessionId);
    await kit.deleteUser(deleted.userId);
    for (const { token } of [revoked, expired, deleted]) {
      await expect(sessionBy({ authorization: `Bearer ${token}` })).resolves.toBeNull();
    }
  });

  it('an organization and its members → seen by the organization plugin', async () => {
    const organization = await kit.createOrganization('Acme');
    const who = await kit.signIn({}, { activeOrganizationId: organization });
    await kit.join(organization, who.userId, 'owner');
    await expect(auth.api.getActiveMember({ headers: new Headers({ cookie: who.cookie }) })).resolves.toMatchObject({
      organizationId: organization,
      role: 'owner',
    });
  });
});
