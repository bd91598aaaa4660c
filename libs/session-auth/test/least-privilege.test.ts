import { Column, Entity } from 'typeorm';
import pg from 'pg';
import request from 'supertest';
import {
  grantVerification,
  installRevocation,
  revokeVerification,
  SessionEntity,
  SessionRepository,
} from '@session-guard/auth';
import { createDatabaseWithIds } from '../../../test/ids.ts';
import { createBetterAuth } from '../../../test/better-auth.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { TEST_API_ROLE } from '../../../test/server.ts';
import { createProbe, memoryAnswers, refusedWithinBound, signUp, type ProbeApp, type World } from './fixture.ts';

const ROLE = { role: TEST_API_ROLE };

@Entity({ name: 'session', synchronize: false })
class DeviceSession extends SessionEntity {
  @Column({ type: 'text', nullable: true, insert: false, update: false }) device!: string | null;
}

describe.each(['text', 'uuid'] as const)('a role with what grantVerification() gives, and ids that are %s', (ids) => {
  let database: TestDatabase;
  let auth: World['auth'];
  let owner: pg.Pool;
  let role: pg.Client;
  let probe: ProbeApp;

  beforeAll(async () => {
    if (ids === 'uuid') {
      const made = await createDatabaseWithIds('uuid');
      [database, auth] = [made, made.auth];
    } else {
      database = await createTestDatabase('better-auth');
      auth = createBetterAuth({ url: database.ownerUrl });
    }
    owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
    owner.on('error', () => undefined);
    await owner.query('grant select on session, jwks to session_guard_api');
    await installRevocation(owner);
    await grantVerification(owner, ROLE);
    role = new pg.Client({ connectionString: database.apiUrl });
    await role.connect();
    probe = await createProbe(database.apiUrl);
  });
  afterAll(async () => {
    await probe.app.close();
    await role.end();
    await owner.end();
    await database.drop();
  });

  const me = (authorization: string, app = probe.app) =>
    request(app.getHttpServer()).get('/me').set('authorization', authorization);

  it('judges every credential, from the database and from memory, and sees a sign-out', async () => {
    const ada = await signUp(auth);
    const credentials = [ada.token, ada.signed, await ada.jwt()];
    await memoryAnswers(probe);
    for (const credential of [...credentials, ...credentials]) {
      const { body } = await me(`Bearer ${credential}`).expect(200);
      expect(body.user.id).toBe(ada.userId);
    }
    await request(probe.app.getHttpServer()).get('/me').set('cookie', ada.cookie).expect(200);
    await me('Bearer no-such-token').expect(401);
    await auth.api.signOut({ headers: new Headers({ cookie: ada.cookie }) });
    for (const credential of credentials) await refusedWithinBound(() => me(`Bearer ${credential}`));
  });

  it('takes one statement for a miss, and one for misses that share it', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => signUp(auth)));
    const logged = jest.spyOn(probe.dataSource.logger, 'logQuery');
    const repository = probe.app.get(SessionRepository);
    const found = await repository.findByToken(people[0]!.token);
    expect(found).toMatchObject({ userId: people[0]!.userId });
    expect(logged).toHaveBeenCalledTimes(1);
    logged.mockClear();
    const all = await Promise.all([
      ...people.map(({ token }) => repository.findByToken(token)),
      repository.findByToken('no-such-token'),
    ]);
    expect(all.map((record) => ('refused' in record ? record.refused : record.userId))).toEqual([
      ...people.map(({ userId }) => userId),
      'unknown_session',
    ]);
    // Two at once, and one for all that came meanwhile.
    expect(logged).toHaveBeenCalledTimes(3);
    logged.mockRestore();
  });

  it.each([
    ['the column', 'select token from session'],
    ['a star', 'select * from session'],
    ['the whole row', 'select session::text from session'],
    ['JSON of the row', 'select to_jsonb(s) from session s'],
    ['a condition', `select id from session where token like 'a%'`],
    ['an order', 'select id from session order by token'],
    ['a copy', 'copy session (token) to stdout'],
    ['the function, asked for all', 'select * from session_guard_find_sessions(array(select token from session))'],
  ])('can’t read tokens by %s', async (_way, sql) => {
    await expect(role.query(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('learns from the function about the tokens it gives, and about no other', async () => {
    const ada = await signUp(auth);
    await owner.query('analyze session');
    const ask = async (tokens: (string | null)[] | null) =>
      (await role.query('select * from session_guard_find_sessions($1)', [tokens])).rows;
    expect(await ask([ada.token, 'unknown'])).toEqual([{ token: ada.token, id: expect.any(String) }]);
    for (const wrong of [['%'], [''], [null], [ada.token.slice(0, -1)], [ada.token.toUpperCase()], [], null])
      expect(await ask(wrong)).toEqual([]);
    expect((await role.query(`select from pg_stats where tablename = 'session' and attname = 'token'`)).rowCount).toBe(
      0,
    );
  });

  it('and no other role may call the function', async () => {
    const { rows } = await owner.query(
      `select proacl::text as acl from pg_proc where proname = 'session_guard_find_sessions'`,
    );
    expect(rows[0].acl).toContain(`${TEST_API_ROLE}=X/`);
    expect(rows[0].acl).not.toMatch(/[{,]=X/);
  });

  it('floods nobody: forged notices cost lookups, no more, and a sign-out is still heard', async () => {
    const [ada, bob] = [await signUp(auth), await signUp(auth)];
    await me(`Bearer ${ada.token}`).expect(200);
    const before = process.memoryUsage().heapUsed;
    for (const forged of [
      `'all'`,
      `'s:' || md5(n::text)`,
      `'u:' || encode(sha256(n::text::bytea), 'base64')`,
      `repeat('x', 7000) || n`,
    ]) {
      await role.query(`select pg_notify('session_guard_revocation', ${forged}) from generate_series(1, 5000) n`);
      await me(`Bearer ${ada.token}`).expect(200);
      await me(`Bearer ${bob.token}`).expect(200);
    }
    await auth.api.signOut({ headers: new Headers({ cookie: bob.cookie }) });
    await refusedWithinBound(() => me(`Bearer ${bob.token}`));
    await me(`Bearer ${ada.token}`).expect(200);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200 * 1024 * 1024);
  });

  it('reads custom columns once the grant is run again', async () => {
    const ada = await signUp(auth);
    await owner.query('alter table session add column device text');
    const withDevice = () => createProbe(database.apiUrl, { sessionEntity: DeviceSession } as object);
    await expect(withDevice()).rejects.toThrow(/may not read "device" of "session"[\s\S]*grantVerification/);
    await grantVerification(owner, ROLE);
    await owner.query(`update session set device = 'a phone' where "userId" = $1`, [ada.userId]);
    const { app } = await withDevice();
    const { body } = await me(`Bearer ${ada.token}`, app as never).expect(200);
    expect(body.session).toMatchObject({ device: 'a phone' });
    expect(body.session).not.toHaveProperty('token');
    await app.close();
  });
});

describe('grantVerification()', () => {
  let database: TestDatabase;
  let owner: pg.Pool;

  beforeEach(async () => {
    database = await createTestDatabase('better-auth');
    owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
    owner.on('error', () => undefined);
  });
  afterEach(async () => {
    await owner.end();
    await database.drop();
  });

  it('takes back what the role could read before', async () => {
    await owner.query('grant select on session, "user", jwks to session_guard_api');
    await grantVerification(owner, ROLE);
    const role = new pg.Client({ connectionString: database.apiUrl });
    await role.connect();
    for (const column of ['session.token', 'jwks."privateKey"']) {
      const [table, name] = column.split('.');
      await expect(role.query(`select ${name} from ${table}`)).rejects.toMatchObject({ code: '42501' });
    }
    await role.end();
  });

  it('fails where the role reads tokens another way, and says which', async () => {
    await owner.query('grant select on session to public');
    await expect(grantVerification(owner, ROLE)).rejects.toThrow(
      /may read "session"\."token" all the same[\s\S]*revoke select on "session" from public/,
    );
    await expect(grantVerification(owner, { role: new URL(database.ownerUrl).username })).rejects.toThrow(
      /is a superuser/,
    );
  });

  it('needs Better Auth’s tables', async () => {
    await owner.query('drop table session cascade');
    await expect(grantVerification(owner, ROLE)).rejects.toThrow(/tables "session" and "user" are missing/);
  });

  it('is undone by revokeVerification(): the start names what is missing', async () => {
    await grantVerification(owner, ROLE);
    await revokeVerification(owner, ROLE);
    await expect(createProbe(database.apiUrl)).rejects.toThrow(/may not read "id".*"token".* of "session"/);
  });
});

describe('what stands in front of Better Auth’s tables', () => {
  it.each(['with the grants of a role', 'as the owner'])(
    'a temporary table named session signs nobody in, %s',
    async (who) => {
      const database = await createTestDatabase('better-auth');
      const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
      await grantVerification(owner, ROLE);
      const { app, dataSource } = await createProbe(
        who === 'as the owner' ? database.ownerUrl : database.apiUrl,
        { cache: false },
        1,
      );
      // On the pool's one connection, as an injected statement would leave it.
      for (const statement of [
        'create temporary table session (id text, token text, "userId" text, "expiresAt" timestamptz, ' +
          '"createdAt" timestamptz, "updatedAt" timestamptz, "ipAddress" text, "userAgent" text, ' +
          '"impersonatedBy" text, "activeOrganizationId" text)',
        'create temporary table "user" (id text, name text, email text, "emailVerified" boolean, image text, ' +
          '"createdAt" timestamptz, "updatedAt" timestamptz, role text, banned boolean, "banReason" text, ' +
          '"banExpires" timestamptz)',
        'insert into pg_temp.session (id, token, "userId", "expiresAt") ' +
          "values ('s', 'forged', 'u', now() + interval '1 day')",
        `insert into pg_temp."user" (id, name, role) values ('u', 'Mallory', 'admin')`,
      ]) {
        await dataSource.query(statement);
      }
      await request(app.getHttpServer()).get('/me').set('authorization', 'Bearer forged').expect(401);
      const ada = await signUp(createBetterAuth({ url: database.ownerUrl }));
      await request(app.getHttpServer()).get('/me').set('authorization', `Bearer ${ada.token}`).expect(200);
      await request(app.getHttpServer())
        .get('/me')
        .set('authorization', `Bearer ${await ada.jwt()}`)
        .expect(200);
      await app.close();
      await owner.end();
      await database.drop();
    },
  );
});
