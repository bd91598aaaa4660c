import { MembershipRepository } from '@session-guard/core';
import request from 'supertest';
import { SessionRepository } from '@session-guard/auth';
import { AuthTestKit } from '@session-guard/auth/testing';
import { TEST_BASE_URL, TEST_SECRET } from '../../../test/better-auth.ts';
import { createProbe, createWorld, memoryAnswers, type ProbeApp, type World } from './fixture.ts';

let world: World;
let probe: ProbeApp;
let kit: AuthTestKit;

beforeAll(async () => {
  world = await createWorld();
  probe = await createProbe(world.database.ownerUrl);
  kit = new AuthTestKit({ database: world.owner, secret: TEST_SECRET, baseURL: TEST_BASE_URL });
});
afterAll(async () => {
  await probe.app.close();
  await world.close();
});

describe('roles in an organization', () => {
  it('are this user’s roles in this organization, not those in another one or of another user', async () => {
    const [ada, bob] = [await kit.createUser(), await kit.createUser()];
    const [here, there] = [await kit.createOrganization(), await kit.createOrganization()];
    await kit.join(here, ada.id, 'member');
    await kit.join(there, ada.id, 'owner');
    await kit.join(here, bob.id, 'owner, admin');
    const roles = probe.app.get(MembershipRepository);
    expect(await roles.rolesOf(ada.id, here)).toEqual(['member']);
    expect(await roles.rolesOf(ada.id, there)).toEqual(['owner']);
    expect(await roles.rolesOf(bob.id, here)).toEqual(['owner', 'admin']);
    expect(await roles.rolesOf(bob.id, there)).toEqual([]);
  });
});

describe('how long a session may be remembered', () => {
  const HOUR_MS = 3_600_000;
  /** Columns of a session whose end, or whose creation, is so far from the database's own now. */
  const moved = async (sessionId: string, set: string) =>
    world.owner.query(`update session set ${set} where id = $1`, [sessionId]);
  const ttlOf = async (token: string): Promise<number> => {
    const found = await probe.app.get(SessionRepository).findByToken(token);
    return 'refused' in found ? Number.NaN : found.ttlMs;
  };

  it.each([
    ['to its end', `"expiresAt" = now() + interval '2 hours'`, 2 * HOUR_MS],
    [
      'to its end, impersonated, when that is near',
      `"impersonatedBy" = 'admin', "createdAt" = now(), "expiresAt" = now() + interval '10 minutes'`,
      HOUR_MS / 6,
    ],
    [
      'to an hour from its creation, impersonated',
      `"impersonatedBy" = 'admin', "createdAt" = now() - interval '45 minutes', "expiresAt" = now() + interval '7 ` +
        "days'",
      HOUR_MS / 4,
    ],
  ])('%s, by the database’s clock, whatever this process’s says', async (_what, set, expected) => {
    const { sessionId, token } = await kit.signIn();
    await moved(sessionId, set);
    for (const skew of [-3 * HOUR_MS, 0, 3 * HOUR_MS]) {
      const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + skew);
      const ttl = await ttlOf(token);
      clock.mockRestore();
      // Some seconds pass on a busy machine, and never hours.
      expect(ttl).toBeGreaterThan(expected - 60_000);
      expect(ttl).toBeLessThanOrEqual(expected);
    }
  });

  it('a remembered impersonation is over after its hour, although the session goes on', async () => {
    const { sessionId, token } = await kit.signIn();
    await moved(
      sessionId,
      `"impersonatedBy" = 'admin', "createdAt" = now() - interval '1 hour' + interval '3 seconds', "expiresAt" = ` +
        "now() + interval '7 days'",
    );
    const me = () => request(probe.app.getHttpServer()).get('/me').set('authorization', `Bearer ${token}`);
    await memoryAnswers(probe);
    await me().expect(200);
    await me().expect(200);
    const over = `select clock_timestamp() > "createdAt" + interval '1 hour 1 second' as over
         from session where id = $1`;
    while (!(await world.owner.query<{ over: boolean }>(over, [sessionId])).rows[0]?.over);
    await me().expect(401);
  });
});
