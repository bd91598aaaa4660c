import type { INestApplication } from '@nestjs/common';
import { CASES, type Case, type Credential, type Prepared } from './cases.ts';
import type { RouteName, Seen } from './routes.ts';
import { createWorld, type World } from './world.ts';

/** What came back, in one shape for all transports. */
export type Answer =
  | { readonly status: 200; readonly seen: Seen; readonly raw: string }
  | { readonly status: number; readonly code: string | undefined; readonly raw: string };

/** A way into an application. */
export interface Transport {
  readonly name: string;
  /** Whether it only reads, so that the cookie needs no Origin. */
  readonly readsOnly?: boolean;
  /** An application on this transport, initialised. */
  start(world: World): Promise<INestApplication>;
  /** Asks one route with these headers, as a new client. */
  ask(app: INestApplication, route: RouteName, credential: Credential): Promise<Answer>;
}

/** Another credential for the same session. */
export type Respell = (prepared: Prepared) => Credential;

/**
 * The one list of cases, on one transport.
 *
 * @param cases those that apply
 * @param respell makes of each case's bearer token what is sent instead
 */
export function conformance(
  transport: Transport,
  cases: readonly Case[] = CASES,
  respell: Respell = ({ headers }) => headers,
): void {
  describe(`${transport.name}:`, () => {
    let world: World;
    let app: INestApplication;

    beforeAll(async () => {
      world = await createWorld();
      app = await transport.start(world);
    });
    afterAll(async () => {
      await app.close();
      await world.close();
    });

    const expectations = cases.map(({ expect, expectWhenReading, ...each }) => ({
      ...each,
      expected: transport.readsOnly ? (expectWhenReading ?? expect) : expect,
    }));

    it.each(expectations)('$route with $says → $expected.status', async (each) => {
      const prepared = await each.credential(world);
      const { userId, sessionId } = prepared;
      const headers = respell(prepared);
      // Twice: the second is answered from memory where the first was remembered.
      for (let round = 0; round < 2; round++) {
        const answer = await transport.ask(app, each.route, headers);
        expect(answer.status).toBe(each.expected.status);
        if (answer.status !== 200 || !('seen' in answer)) {
          expect(answer).toMatchObject({ code: 'code' in each.expected ? each.expected.code : 'none expected' });
          expect(answer.raw).not.toContain(headers['authorization']?.split(' ')[1] ?? 'no credential');
          expect(answer.raw).not.toContain('node_modules');
          continue;
        }
        const userSeen = each.expected.status === 200 && each.expected.seen ? userId : null;
        expect(answer.seen.userId).toBe(userSeen);
        if (userSeen && sessionId) expect(answer.seen.sessionId).toBe(sessionId);
        if ('plan' in each.expected) expect(answer.seen.plan).toBe(each.expected.plan);
        expect(answer.seen.columns).not.toContain('token');
      }
    });

    it('revoked between two requests → 401 on the second', async () => {
      const who = await world.kit.signIn();
      const headers = respell({ ...who, headers: { authorization: `Bearer ${who.token}` } });
      await expect(transport.ask(app, 'required', headers)).resolves.toMatchObject({ status: 200 });
      await world.kit.revoke(who.sessionId);
      await expect(until401(() => transport.ask(app, 'required', headers))).resolves.toBeLessThan(1_000);
    });

    it('the database away → 503, neither 401 nor 500; an open route answers; back again → 200', async () => {
      const known = await world.kit.signIn();
      const headers = respell({ ...known, headers: { authorization: `Bearer ${known.token}` } });
      const restore = await world.takeDatabaseAway();
      try {
        await expect(transport.ask(app, 'required', headers)).resolves.toMatchObject({
          status: 503,
          code: 'session_store_unavailable',
        });
        await expect(transport.ask(app, 'optional', headers)).resolves.toMatchObject({
          status: 503,
          code: 'session_store_unavailable',
        });
        await expect(transport.ask(app, 'anonymous', headers)).resolves.toMatchObject({ status: 200 });
      } finally {
        await restore();
      }
      await expect(transport.ask(app, 'required', headers)).resolves.toMatchObject({ status: 200 });
    });
  });
}

/** Asks until the answer is 401. @returns the milliseconds it took */
async function until401(ask: () => Promise<Answer>): Promise<number> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < 2_000) {
    const { status } = await ask();
    if (status === 401) return performance.now() - startedAt;
  }
  return Infinity;
}
