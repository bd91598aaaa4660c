import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, importPKCS8, exportPKCS8, type JWTPayload } from 'jose';
import request from 'supertest';
import { TEST_BASE_URL } from '../../../test/better-auth.ts';
import { poolOf } from '../src/database/pool.ts';
import {
  createProbe,
  createWorld,
  memoryAnswers,
  refusedWithinBound,
  signUp,
  type ProbeApp,
  type SignedUp,
  type World,
} from './fixture.ts';

/** What the guard and the verifier decide on one request; the cache and revocation have suites of their own. */
describe('the verdict on one request', () => {
  let world: World;
  let probe: ProbeApp;
  let person: SignedUp;

  beforeAll(async () => {
    world = await createWorld();
    probe = await createProbe(world.database.ownerUrl);
    person = await signUp(world.auth);
  });
  afterAll(async () => {
    await probe.app.close();
    await world.close();
  });

  const get = (headers: Record<string, string> = {}, path = '/me') =>
    request(probe.app.getHttpServer()).get(path).set(headers);
  const bearer = (value: string) => get({ authorization: `Bearer ${value}` });

  describe('bearer and session', () => {
    it('no credentials → 401 with a challenge that has no error code', async () => {
      const response = await get();
      expect(response.status).toBe(401);
      expect(response.headers['www-authenticate']).toBe('Bearer realm="api"');
    });

    it('unknown, expired, revoked, malformed → 401 invalid_token, the same body for all', async () => {
      const [expired, revoked] = await Promise.all([signUp(world.auth), signUp(world.auth)]);
      await world.owner.query(`update session set "expiresAt" = now() - interval '1 second' where token = $1`, [
        expired.token,
      ]);
      await world.owner.query('delete from session where token = $1', [revoked.token]);
      const responses = await Promise.all([
        bearer(randomBytes(16).toString('hex')),
        bearer(expired.token),
        bearer(revoked.token),
        bearer('a.b.c'),
        bearer(`${person.token}.forged`),
        get({ cookie: `better-auth.session_token=${person.token}.forged` }),
        get({ authorization: 'Bearer' }),
      ]);
      for (const { status, headers } of responses) {
        expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer realm="api", error="invalid_token"']);
      }
      const nothing = await get();
      expect(new Set([...responses, nothing].map(({ text }) => text)).size).toBe(1);
      expect(nothing.body).toMatchObject({ status: 401, code: 'unauthenticated', title: 'Unauthorized' });
    });

    it('a missing role → 403 insufficient_scope; with the role → 200', async () => {
      const admin = await signUp(world.auth);
      await world.owner.query(`update "user" set role = 'support,admin' where id = $1`, [admin.userId]);
      const refused = await get({ authorization: `Bearer ${person.token}` }, '/admin');
      expect(refused.status).toBe(403);
      expect(refused.headers['www-authenticate']).toBe('Bearer realm="api", error="insufficient_scope"');
      expect(refused.body).toMatchObject({ code: 'role_required' });
      expect((await get({ authorization: `Bearer ${admin.token}` }, '/admin')).status).toBe(200);
    });

    it('bearer and BEARER are accepted; Basic, Bearerx and bare Bearer → 401', async () => {
      for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
        expect((await get({ authorization: `${scheme} ${person.token}` })).status).toBe(200);
      }
      for (const value of [`Basic ${person.token}`, `Bearerx ${person.token}`, 'Bearer', 'Bearer ', person.token]) {
        expect((await get({ authorization: value })).status).toBe(401);
      }
    });

    it("a bearer token beside another user's cookie decides alone, valid or not", async () => {
      const other = await signUp(world.auth);
      const both = await get({ authorization: `Bearer ${person.token}`, cookie: other.cookie });
      expect(both.body).toMatchObject({ user: { id: person.userId }, session: { userId: person.userId } });
      expect((await get({ authorization: 'Bearer unknown', cookie: other.cookie })).status).toBe(401);
      expect((await get({ authorization: 'Basic x', cookie: other.cookie })).status).toBe(401);
    });

    it('a token in the URL is ignored', async () => {
      expect((await get({}, `/me?access_token=${person.token}`)).status).toBe(401);
    });

    it('a bad signature → 401; a signed bearer works raw and percent-encoded', async () => {
      expect((await bearer(person.signed)).status).toBe(200);
      expect((await bearer(encodeURIComponent(person.signed))).status).toBe(200);
      expect(
        (await bearer(person.signed.replace(/\.(.)/, (_, char: string) => `.${char === 'A' ? 'B' : 'A'}`))).status,
      ).toBe(401);
    });

    it('with both cookie names present the __Secure- one counts on https, the plain one on http', async () => {
      const secure = await createWorld({ baseURL: 'https://app.example.com' });
      const app = await createProbe(secure.database.ownerUrl, { baseURL: 'https://app.example.com' });
      try {
        const [wanted, other] = [await signUp(secure.auth), await signUp(secure.auth)];
        expect(wanted.cookie).toMatch(/^__Secure-better-auth\.session_token=/);
        const plain = other.cookie.replace('__Secure-', '');
        const me = (cookie: string) => request(app.app.getHttpServer()).get('/me').set('cookie', cookie);
        expect((await me(`${plain}; ${wanted.cookie}`)).body).toMatchObject({ user: { id: wanted.userId } });
        expect((await me(plain)).status).toBe(401);
        expect((await get({ cookie: `__Secure-${person.cookie}` })).status).toBe(401);
      } finally {
        await app.app.close();
        await secure.close();
      }
    });

    it('NUL in a cookie or a bearer token → 401, never a 500', async () => {
      for (const headers of [
        { cookie: 'better-auth.session_token=%00' },
        { cookie: `better-auth.session_token=%00${encodeURIComponent(person.signed)}` },
        { authorization: 'Bearer %00' },
        { authorization: `Bearer ${person.token}%00` },
        { authorization: `Bearer %00.${'A'.repeat(43)}=` },
      ]) {
        expect((await get(headers)).status).toBe(401);
      }
    });

    it('what is no Unicode text → 401', async () => {
      for (const value of ['%ED%A0%80', '%FF', '\u00ff\u00fe', '%ud800']) {
        expect((await bearer(value)).status).toBe(401);
        expect((await get({ cookie: `better-auth.session_token=${value}` })).status).toBe(401);
      }
    });

    it('signed out, revoked, banned or deleted through Better Auth → 401', async () => {
      const admin = await signUp(world.auth);
      await world.owner.query(`update "user" set role = 'admin' where id = $1`, [admin.userId]);
      const as = ({ cookie }: SignedUp) => new Headers({ cookie, origin: TEST_BASE_URL });
      const ends: ((someone: SignedUp) => Promise<unknown>)[] = [
        (someone) => world.auth.api.signOut({ headers: as(someone) }),
        (someone) => world.auth.api.revokeSession({ headers: as(someone), body: { token: someone.token } }),
        (someone) => world.auth.api.revokeSessions({ headers: as(someone) }),
        (someone) => world.auth.api.banUser({ headers: as(admin), body: { userId: someone.userId } }),
        (someone) => world.auth.api.removeUser({ headers: as(admin), body: { userId: someone.userId } }),
        (someone) => world.auth.api.deleteUser({ headers: as(someone), body: { password: 'correct horse battery' } }),
      ];
      for (const end of ends) {
        const someone = await signUp(world.auth);
        expect((await bearer(someone.token)).status).toBe(200);
        await end(someone);
        await refusedWithinBound(() => bearer(someone.token));
      }
    });

    it('with the channel lost, memory is bypassed until it listens again', async () => {
      // Across processes, with a dead network and a killed backend: revocation.test.ts. Here: without triggers at all.
      const bare = await createWorld();
      await bare.owner.query('drop trigger session_guard_row on "user"');
      const app = await createProbe(bare.database.ownerUrl);
      try {
        const someone = await signUp(bare.auth);
        const me = () => request(app.app.getHttpServer()).get('/me').set('authorization', `Bearer ${someone.token}`);
        let statements = 0;
        poolOf(app.dataSource).on('acquire', () => (statements += 1));
        expect([(await me()).status, (await me()).status]).toEqual([200, 200]);
        expect(statements).toBe(2);
      } finally {
        await app.app.close();
        await bare.close();
      }
    });

    it('the clock of the database decides expiry, not that of the application', async () => {
      const someone = await signUp(world.auth);
      const live = await createProbe(world.database.ownerUrl, { cache: false });
      const me = () => request(live.app.getHttpServer()).get('/me').set('authorization', `Bearer ${someone.token}`);
      try {
        for (const skew of [60_000, -60_000]) {
          await world.owner.query(`update session set "expiresAt" = now() + interval '30 seconds' where token = $1`, [
            someone.token,
          ]);
          jest.useFakeTimers({ doNotFake: [...FAKE_ONLY_DATE], now: Date.now() + skew });
          expect((await me()).status).toBe(200);
          jest.useRealTimers();
          await world.owner.query(`update session set "expiresAt" = now() - interval '30 seconds' where token = $1`, [
            someone.token,
          ]);
          jest.useFakeTimers({ doNotFake: [...FAKE_ONLY_DATE], now: Date.now() + skew });
          expect((await me()).status).toBe(401);
          jest.useRealTimers();
        }
      } finally {
        jest.useRealTimers();
        await live.app.close();
      }
    });

    it("another cookie of Better Auth's never gives access", async () => {
      const value = person.cookie.split('=').slice(1).join('=');
      for (const name of [
        'better-auth.session_data',
        'better-auth.dont_remember',
        'better-auth.two_factor',
        'session_token',
      ]) {
        expect((await get({ cookie: `${name}=${value}` })).status).toBe(401);
      }
    });

    it('missing tables, columns, index or privileges stop the start, each with its fix', async () => {
      const broken = await createWorld();
      const start = async () => {
        const failure = await createProbe(broken.database.ownerUrl).then(
          async ({ app }) => {
            await app.close();
            return 'started';
          },
          (error: Error) => error.message,
        );
        return failure;
      };
      try {
        const role = `reader_${randomBytes(4).toString('hex')}`;
        await broken.owner.query(`create role ${role} login password 'reader'`);
        const asReader = new URL(broken.database.ownerUrl);
        asReader.username = role;
        asReader.password = 'reader';
        await expect(createProbe(asReader.href)).rejects.toThrow(/may not read "id".* of "session"[\s\S]*grant select/);
        await broken.owner.query(`drop role ${role}`);
        await broken.owner.query('alter table session drop constraint session_token_key');
        expect(await start()).toMatch(/has no unique index.*create unique index on "session"/);
        await broken.owner.query('alter table "user" drop column "emailVerified"');
        expect(await start()).toMatch(/Column "user"."emailVerified" of UserEntity is missing/);
        await broken.owner.query('drop table session cascade');
        expect(await start()).toMatch(/secondaryStorage.*storeSessionInDatabase: true/);
        await broken.owner.query('drop table "user" cascade');
        expect(await start()).toMatch(/Table "user" is missing. Run Better Auth's migrations/);
      } finally {
        await broken.close();
      }
    });

    it('a user whose row is gone, a ban with and without an end, and an old impersonation', async () => {
      const someone = await signUp(world.auth);
      const live = await createProbe(world.database.ownerUrl, { cache: false });
      const status = async () =>
        (await request(live.app.getHttpServer()).get('/me').set('authorization', `Bearer ${someone.token}`)).status;
      const user = (set: string) => world.owner.query(`update "user" set ${set} where id = $1`, [someone.userId]);
      const session = (set: string) => world.owner.query(`update session set ${set} where token = $1`, [someone.token]);
      try {
        await user(`banned = true, "banExpires" = now() + interval '1 hour'`);
        expect(await status()).toBe(401);
        await user(`"banExpires" = now() - interval '1 second'`);
        expect(await status()).toBe(200);
        await user(`"banExpires" = null`);
        expect(await status()).toBe(401);
        await user('banned = false');
        await session(`"impersonatedBy" = 'admin', "createdAt" = now() - interval '59 minutes'`);
        expect(await status()).toBe(200);
        // Better Auth's refresh would have made it last a week.
        await session(`"createdAt" = now() - interval '61 minutes', "expiresAt" = now() + interval '7 days'`);
        expect(await status()).toBe(401);
        await session(`"impersonatedBy" = null`);
        expect(await status()).toBe(200);
        await world.owner.query(`alter table session drop constraint "session_userId_fkey"`);
        await world.owner.query('delete from "user" where id = $1', [someone.userId]);
        expect(await status()).toBe(401);
      } finally {
        await live.app.close();
      }
    });

    it('the cookie on an unsafe method needs a trusted Origin; bearer is exempt', async () => {
      const post = (headers: Record<string, string>) => request(probe.app.getHttpServer()).post('/act').set(headers);
      const { cookie } = person;
      expect((await post({ cookie, origin: TEST_BASE_URL })).status).toBe(201);
      for (const headers of [
        {},
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site' },
      ]) {
        const response = await post({ cookie, ...headers });
        expect([response.status, (response.body as { code: string }).code]).toEqual([403, 'origin_not_trusted']);
      }
      expect((await post({ authorization: `Bearer ${person.token}`, origin: 'https://evil.example' })).status).toBe(
        201,
      );
    });

    it('a public route makes no query, also when a credential is sent', async () => {
      let statements = 0;
      poolOf(probe.dataSource).on('acquire', () => (statements += 1));
      const response = await get({ authorization: `Bearer ${randomBytes(16).toString('hex')}` }, '/open');
      expect([response.status, statements]).toEqual([200, 0]);
    });
  });

  describe('JWT', () => {
    const KID = 'checklist-key';
    let sign: (claims?: JWTPayload, options?: { kid?: string; without?: string[] }) => Promise<string>;
    let publicJwk: Awaited<ReturnType<typeof exportJWK>>;

    beforeAll(async () => {
      // Better Auth signs with the newest key: let it make its own, and keep ours older.
      await person.jwt();
      const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
      publicJwk = await exportJWK(publicKey);
      await world.owner.query(
        `insert into jwks (id, "publicKey", "privateKey", "createdAt") values ($1, $2, '', now() - interval '1 year')`,
        [KID, JSON.stringify(publicJwk)],
      );
      const { rows } = await world.owner.query<{ id: string }>('select id from session where token = $1', [
        person.token,
      ]);
      sign = async (claims = {}, { kid = KID, without = [] } = {}) => {
        const now = Math.floor(Date.now() / 1000);
        const payload: JWTPayload = {
          sub: person.userId,
          sid: rows[0]?.id,
          iss: TEST_BASE_URL,
          aud: TEST_BASE_URL,
          iat: now,
          exp: now + 900,
          ...claims,
        };
        for (const claim of without) delete payload[claim];
        return new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', kid }).sign(privateKey);
      };
    });

    it("Better Auth's own JWT → 200, twice, the second time from memory", async () => {
      const jwt = await person.jwt();
      expect((await bearer(jwt)).body).toMatchObject({ user: { id: person.userId } });
      await memoryAnswers(probe);
      let statements = 0;
      poolOf(probe.dataSource).on('acquire', () => (statements += 1));
      expect([(await bearer(jwt)).status, statements]).toEqual([200, 0]);
    });

    it('alg none, HS256 by public key, jwk header, unknown kid, missing claims, wrong aud, NUL → 401', async () => {
      expect((await bearer(await sign())).status).toBe(200);
      const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const [, payload = ''] = (await sign()).split('.');
      const secret = new TextEncoder().encode(JSON.stringify(publicJwk));
      const own = await generateKeyPair('EdDSA', { extractable: true });
      const ownPem = await importPKCS8(await exportPKCS8(own.privateKey), 'EdDSA');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as JWTPayload;
      const forged = {
        none: `${encode({ alg: 'none', kid: KID })}.${payload}.`,
        hs256: await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: KID }).sign(secret),
        jwk: await new SignJWT(claims)
          .setProtectedHeader({ alg: 'EdDSA', kid: KID, jwk: await exportJWK(own.publicKey) })
          .sign(ownPem),
        jwkWithoutKid: await new SignJWT(claims)
          .setProtectedHeader({ alg: 'EdDSA', jwk: await exportJWK(own.publicKey) })
          .sign(ownPem),
        unknownKid: await sign({}, { kid: 'nobody' }),
        noExp: await sign({}, { without: ['exp'] }),
        noSid: await sign({}, { without: ['sid'] }),
        noSub: await sign({}, { without: ['sub'] }),
        noIss: await sign({}, { without: ['iss'] }),
        noAud: await sign({}, { without: ['aud'] }),
        wrongAud: await sign({ aud: 'https://elsewhere.example' }),
        wrongIss: await sign({ iss: 'https://elsewhere.example' }),
        anothersSession: await sign({ sub: 'somebody-else' }),
        sidOfNoSession: await sign({ sid: 'no-such-session' }),
        sidNoString: await sign({ sid: 7 }),
        sidNul: await sign({ sid: 'a\u0000b' }),
        notYet: await sign({ nbf: Math.floor(Date.now() / 1000) + 600 }),
        dots: '...',
        noText: '%00.%00.%00',
        tampered: `${(await sign()).slice(0, -4)}AAAA`,
      };
      for (const [name, jwt] of Object.entries(forged)) {
        expect([name, (await bearer(jwt)).status]).toEqual([name, 401]);
      }
    });

    it('the clock may differ by 5 s: expired 3 s ago passes, 30 s ago does not', async () => {
      const now = Math.floor(Date.now() / 1000);
      expect((await bearer(await sign({ exp: now - 3 }))).status).toBe(200);
      expect((await bearer(await sign({ exp: now - 30 }))).status).toBe(401);
    });

    it('a remembered JWT of a revoked session → 401', async () => {
      const someone = await signUp(world.auth);
      const jwt = await someone.jwt();
      expect([(await bearer(jwt)).status, (await bearer(jwt)).status]).toEqual([200, 200]);
      await world.auth.api.signOut({ headers: new Headers({ cookie: someone.cookie, origin: TEST_BASE_URL }) });
      await refusedWithinBound(() => bearer(jwt));
    });

    it('random kids read the keys at most once a second, and a new key is found at its first use', async () => {
      let reads = 0;
      const pool = poolOf(probe.dataSource);
      pool.on('acquire', () => (reads += 1));
      const started = performance.now();
      const jwts = await Promise.all(Array.from({ length: 100 }, (_, index) => sign({}, { kid: `random-${index}` })));
      const statuses = await Promise.all(jwts.map(async (jwt) => (await bearer(jwt)).status));
      expect(new Set(statuses)).toEqual(new Set([401]));
      expect(reads).toBeLessThanOrEqual(2 + (performance.now() - started) / 1000);
      await world.owner.query(
        'insert into jwks (id, "publicKey", "privateKey", "createdAt") ' +
          "values ('rotated', $1, '', now() - interval '1 year')",
        [JSON.stringify(publicJwk)],
      );
      expect((await bearer(await sign({}, { kid: 'rotated' }))).status).toBe(200);
    });

    it('an expired key counts for its grace period, and a deleted one at once not at all', async () => {
      await world.owner.query(
        `insert into jwks (id, "publicKey", "privateKey", "createdAt", "expiresAt") values
         ('in-grace', $1, '', now() - interval '1 year', now() - interval '29 days'),
         ('after-grace', $1, '', now() - interval '1 year', now() - interval '31 days')`,
        [JSON.stringify(publicJwk)],
      );
      const inGrace = await sign({}, { kid: 'in-grace' });
      expect((await bearer(inGrace)).status).toBe(200);
      expect((await bearer(await sign({}, { kid: 'after-grace' }))).status).toBe(401);
      await world.owner.query(`delete from jwks where id = 'in-grace'`);
      await refusedWithinBound(() => bearer(inGrace));
    });

    it('keys that cannot be read → 503 with Retry-After, not 401', async () => {
      const jwt = await sign({}, { kid: 'never-seen' });
      await world.owner.query('alter table jwks rename to jwks_away');
      try {
        const response = await bearer(jwt);
        expect(response.status).toBe(503);
        expect(response.headers['retry-after']).toBe('1');
        expect(response.body).toMatchObject({ code: 'session_store_unavailable' });
      } finally {
        await world.owner.query('alter table jwks_away rename to jwks');
      }
    });
  });
});

/** Everything but Date stays real: the database driver needs its timers. */
const FAKE_ONLY_DATE = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;
