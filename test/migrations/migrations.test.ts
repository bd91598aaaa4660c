import { Logger } from '@nestjs/common';
import { SignJWT } from 'jose';
import { createBetterAuth, TEST_BASE_URL, TEST_SECRET } from '../better-auth.ts';
import { afterOf, beforeOf } from './guide.ts';
import { startMove, type Move, type Setting } from './move.ts';
import { authOf, jwtOf, refused, signOut, signUp, type Person } from './world.ts';

type Headers = Record<string, string>;
const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
const byToken = async (_: Move, { token }: Person): Promise<Headers> => bearer(token);
const byCookie = async (_: Move, { cookie }: Person): Promise<Headers> => ({ cookie });
const byJwt = async ({ server }: Move, person: Person): Promise<Headers> => bearer(await jwtOf(server.url, person));

/** Asks both for the same. @returns the two answers, before and after */
const ask = ({ before, after }: Move, path: string, headers?: Headers): Promise<[Response, Response]> =>
  Promise.all([before.get(path, headers), after.get(path, headers)]);
const statuses = async (...asked: Parameters<typeof ask>): Promise<number[]> =>
  (await ask(...asked)).map(({ status }) => status);
const bodies = async (...asked: Parameters<typeof ask>): Promise<unknown[]> =>
  Promise.all((await ask(...asked)).map(async (response) => response.json() as Promise<unknown>));

beforeAll(() => {
  Logger.overrideLogger(false);
});

interface Guide extends Setting {
  readonly credential: (move: Move, person: Person) => Promise<Headers>;
  /** What the application answered before the move. After it, the first two are 401, and an outage is 503. */
  readonly before: { readonly signedOut: number; readonly banned: number; readonly outage: number };
}

/** What is true of every move, asked of the application before and after. `more` adds what is one guide's own. */
function describeMove(name: string, { credential, before, ...setting }: Guide, more: (move: () => Move) => void): void {
  describe(name, () => {
    let move: Move;
    let ada: Person;
    let bob: Person;
    let cleo: Person;

    beforeAll(async () => {
      move = await startMove(name, setting);
      [ada, bob, cleo] = await Promise.all([move.signUp(), move.signUp(), move.signUp()]);
      await move.world.owner.query(`insert into note (user_id, body) values ($1, 'of Ada'), ($2, 'of Bob')`, [
        ada.id,
        bob.id,
      ]);
    });
    afterAll(() => move.close());

    it('signed in: 200 with their own data', async () => {
      const headers = await credential(move, ada);
      const me = { id: ada.id, name: expect.any(String), email: ada.email };
      expect(await bodies(move, '/me', headers)).toEqual([me, me]);
      const [old, now] = (await bodies(move, '/notes', headers)) as { body: string }[][];
      expect(now).toEqual(old);
      expect(now!.map(({ body }) => body)).toEqual(expect.arrayContaining(['of Ada']));
      expect(JSON.stringify(now)).not.toContain('Bob');
    });

    it('no credential, or one that proves nothing: 401; what is open stays open', async () => {
      expect(await statuses(move, '/me')).toEqual([401, 401]);
      expect(await statuses(move, '/notes', bearer('no-such-token'))).toEqual([401, 401]);
      expect(await statuses(move, '/me', bearer('a.b.c'))).toEqual([401, 401]);
      expect(await statuses(move, '/status')).toEqual([200, 200]);
    });

    it('signed out: refused at once, although memory had answered', async () => {
      const headers = await credential(move, bob);
      for (let asked = 0; asked < 3; asked += 1) expect(await statuses(move, '/me', headers)).toEqual([200, 200]);
      await signOut(move.server.url, move.baseURL, bob);
      await refused(() => move.after.get('/me', headers));
      expect((await move.before.get('/me', headers)).status).toBe(before.signedOut);
    });

    it('banned: refused at once', async () => {
      const headers = await credential(move, cleo);
      expect(await statuses(move, '/me', headers)).toEqual([200, 200]);
      await move.world.owner.query('update "user" set banned = true where id = $1', [cleo.id]);
      await refused(() => move.after.get('/me', headers));
      expect((await move.before.get('/me', headers)).status).toBe(before.banned);
    });

    more(() => move);

    it('the database is away: 503, and no 401', async () => {
      const headers = await credential(move, await move.signUp());
      await move.world.takeAway();
      // Better Auth prints every query that failed.
      const printed = jest.spyOn(console, 'error').mockImplementation(() => undefined);
      const [old, now] = await ask(move, '/notes', headers);
      printed.mockRestore();
      expect([old.status, now.status]).toEqual([before.outage, 503]);
      expect(now.headers.get('retry-after')).toMatch(/^\d$/);
    });
  });
}

describeMove(
  'from-session-lookup',
  {
    baseURL: TEST_BASE_URL,
    auth: async ({ owner }) => createBetterAuth({ pool: owner }),
    credential: byToken,
    before: { signedOut: 401, banned: 200, outage: 500 },
  },
  (move) => {
    it('the cookie: 200; with a forged signature 200 before, 401 after', async () => {
      const { cookie, token } = await move().signUp();
      expect(await statuses(move(), '/me', { cookie })).toEqual([200, 200]);
      expect(await statuses(move(), '/me', { cookie: `better-auth.session_token=${token}.forged` })).toEqual([
        200, 401,
      ]);
    });

    it('expired: 401', async () => {
      const person = await move().signUp();
      await move().world.owner.query(`update session set "expiresAt" = now() where "userId" = $1`, [person.id]);
      expect(await statuses(move(), '/me', bearer(person.token))).toEqual([401, 401]);
    });
  },
);

describeMove(
  'from-nestjs-better-auth',
  {
    baseURL: TEST_BASE_URL,
    movedAuth: () => authOf(afterOf('from-nestjs-better-auth'), 'auth-server/auth.ts'),
    credential: byCookie,
    before: { signedOut: 401, banned: 200, outage: 500 },
  },
  (move) => {
    it('a session from before the move is still one; the routes of Better Auth have gone from the API', async () => {
      const person = await signUp(move().before.url, move().baseURL);
      for (const headers of [{ cookie: person.cookie }, bearer(person.token)])
        expect(await statuses(move(), '/me', headers)).toEqual([200, 200]);
      expect(await statuses(move(), '/api/auth/get-session', { cookie: person.cookie })).toEqual([200, 404]);
    });

    it('the hook: whoever signs up finds a note, before and after', async () => {
      const people = [await signUp(move().before.url, move().baseURL), await move().signUp()];
      for (const { cookie } of people) {
        for (const notes of await bodies(move(), '/notes', { cookie }))
          expect(notes).toEqual([{ id: expect.any(Number), body: 'Welcome' }]);
      }
    });

    it('@OptionalAuth(), @Roles()', async () => {
      const [user, admin] = [await move().signUp(), await move().signUp()];
      await move().world.owner.query(`update "user" set role = 'admin' where id = $1`, [admin.id]);
      expect(await bodies(move(), '/greeting')).toEqual([{ text: 'Hello' }, { text: 'Hello' }]);
      const hello = { text: expect.stringContaining('Hello Person') };
      expect(await bodies(move(), '/greeting', { cookie: user.cookie })).toEqual([hello, hello]);
      expect(await statuses(move(), '/notes/count', { cookie: user.cookie })).toEqual([403, 403]);
      expect(await statuses(move(), '/notes/count', { cookie: admin.cookie })).toEqual([200, 200]);
    });
  },
);

describeMove(
  'from-passport-jwt',
  {
    auth: () => authOf(beforeOf('from-passport-jwt'), 'web/auth.ts'),
    movedAuth: () => authOf(afterOf('from-passport-jwt'), 'web/auth.ts'),
    credential: byJwt,
    before: { signedOut: 200, banned: 200, outage: 401 },
  },
  (move) => {
    it('a token without sid: 200 before, 401 after', async () => {
      const { server } = move();
      const person = await move().signUp();
      server.serve(await authOf(beforeOf('from-passport-jwt'), 'web/auth.ts'));
      const headers = bearer(await jwtOf(server.url, person));
      server.serve(await authOf(afterOf('from-passport-jwt'), 'web/auth.ts'));
      expect(await statuses(move(), '/me', headers)).toEqual([200, 401]);
    });

    it('the session token and the cookie: 401 before, 200 after', async () => {
      const { token, cookie } = await move().signUp();
      for (const headers of [bearer(token), { cookie }])
        expect(await statuses(move(), '/me', headers)).toEqual([401, 200]);
    });

    it('HS256 with the shared secret: 401', async () => {
      const { id } = await move().signUp();
      const forged = await new SignJWT({ sid: 'any' })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(id)
        .setIssuer(move().baseURL)
        .setAudience(move().baseURL)
        .setExpirationTime('5m')
        .sign(new TextEncoder().encode(TEST_SECRET));
      expect((await move().after.get('/me', bearer(forged))).status).toBe(401);
    });
  },
);
