import type { AuthSchema } from '@session-guard/core';
import pg from 'pg';
import { Column, DataSource, DefaultNamingStrategy, Entity } from 'typeorm';
import {
  grantVerification,
  installRevocation,
  SessionEntity,
  SessionRepository,
  uninstallRevocation,
  UserEntity,
} from '@session-guard/auth';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { TEST_API_ROLE } from '../../../test/server.ts';
import { poolOf } from '../src/database/pool.ts';
import { inspectSchema } from '../src/startup/schema.inspector.ts';

/** Where a team calls the token of a session otherwise. */
class SecretNames extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string, prefixes: string[]): string {
    return propertyName === 'token' ? 'secret' : super.columnName(propertyName, customName, prefixes);
  }
}

/** Users of a team with a field of its own that the database doesn't have. */
@Entity({ name: 'user', synchronize: false })
class PlannedUser extends UserEntity {
  @Column({ type: 'text', nullable: true, insert: false, update: false }) plan!: string | null;
}

let database: TestDatabase;
let owner: pg.Client;
let dataSource: DataSource;

beforeEach(async () => {
  database = await createTestDatabase('better-auth');
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  dataSource = await connect(database.ownerUrl);
});
afterEach(async () => {
  await dataSource.destroy();
  await owner.end();
  await database.drop();
});

const connect = (
  url: string,
  options: { readonly user?: typeof UserEntity; readonly namingStrategy?: DefaultNamingStrategy } = {},
) => {
  const { user = UserEntity, ...rest } = options;
  return new DataSource({
    type: 'postgres',
    url,
    entities: [...new Set([SessionEntity, UserEntity, user])],
    ...rest,
  }).initialize();
};

const inspect = (from = dataSource, { wantsJwt = true, user = UserEntity } = {}): Promise<AuthSchema> =>
  inspectSchema(from, from.getMetadata(SessionEntity), from.getMetadata(user), wantsJwt);

/** What keeps the start from going on, or nothing. */
const problemsOf = (attempt: Promise<unknown>): Promise<readonly string[]> =>
  attempt.then(
    () => [],
    (error: Error & { problems?: readonly string[] }) => error.problems ?? [error.message],
  );

/** On the database as its API's role, with no more rights than the statements give. */
async function asRole<Answer>(grants: string, ask: (from: DataSource) => Promise<Answer>): Promise<Answer> {
  await owner.query(grants);
  const from = await connect(database.apiUrl);
  try {
    return await ask(from);
  } finally {
    await from.destroy();
  }
}

const WITHOUT_ADMIN =
  'alter table session drop "impersonatedBy"; alter table "user" drop role, drop banned, drop "banReason", ' +
  'drop "banExpires"';

describe('inspectSchema', () => {
  it('finds everything where Better Auth has all its plugins', async () => {
    await installRevocation(owner);
    const schema = await inspect();
    expect(schema).toMatchObject({
      session: { path: '"public"."session"', absent: [], prototype: SessionEntity.prototype },
      user: { path: '"public"."user"', absent: [], prototype: UserEntity.prototype },
      signingKeys: '"public"."jwks"',
      member: '"public"."member"',
      memberProblem: null,
      tokenLookup: null,
      announcesRevocations: true,
    });
    expect(
      schema.session.columns.map(({ property, sql, kind, isSelected }) => [property, sql, kind, isSelected]),
    ).toEqual([
      ['id', '"id"', 'text', true],
      ['userId', '"userId"', 'text', true],
      ['token', '"token"', 'text', false],
      ['expiresAt', '"expiresAt"', 'time', true],
      ['createdAt', '"createdAt"', 'time', true],
      ['updatedAt', '"updatedAt"', 'time', true],
      ['ipAddress', '"ipAddress"', 'text', true],
      ['userAgent', '"userAgent"', 'text', true],
      ['impersonatedBy', '"impersonatedBy"', 'text', true],
      ['activeOrganizationId', '"activeOrganizationId"', 'text', true],
    ]);
  });

  it('names the columns of plugins that aren’t there, and says why there are no members', async () => {
    await owner.query(
      `${WITHOUT_ADMIN}; alter table session drop "activeOrganizationId"; drop table jwks, member cascade`,
    );
    expect(await inspect()).toMatchObject({
      session: { absent: ['impersonatedBy', 'activeOrganizationId'] },
      user: { absent: ['role', 'banned', 'banReason', 'banExpires'] },
      announcesRevocations: false,
      signingKeys: null,
      member: '"public"."member"',
      memberProblem: expect.stringMatching(/"member" is missing.*organization plugin/),
    });
  });

  it.each([
    ['uninstalled', () => uninstallRevocation(owner)],
    ['missing on one of the tables', () => owner.query('drop trigger session_guard_row on "user"')],
    ['switched off on one of them', () => owner.query('alter table session disable trigger session_guard_row')],
    ['fired by replication alone', () => owner.query('alter table session enable replica trigger session_guard_row')],
  ])('revocations aren’t announced where the triggers are %s', async (_what, change) => {
    await installRevocation(owner);
    await change();
    expect((await inspect()).announcesRevocations).toBe(false);
  });

  it('looks at no signing keys where nobody wants JWTs, whatever shape they have', async () => {
    await owner.query('alter table jwks alter "expiresAt" type timestamp');
    expect((await inspect(dataSource, { wantsJwt: false })).signingKeys).toBeNull();
    expect(await problemsOf(inspect())).toEqual([
      expect.stringMatching(/"jwks"\."expiresAt" is timestamp without time zone/),
    ]);
  });

  it('a column of the team’s own that isn’t there is missing: no plugin brings it', async () => {
    const planned = await connect(database.ownerUrl, { user: PlannedUser });
    const problems = await problemsOf(inspect(planned, { user: PlannedUser }));
    await planned.destroy();
    expect(problems).toEqual([
      expect.stringMatching(/^Column "user"\."plan" of PlannedUser is missing\..*@Column\(\{ name \}\)/),
    ]);
  });

  it('a missing table is said once, and nothing else of it', async () => {
    await owner.query('drop table session; drop table "user" cascade');
    expect(await problemsOf(inspect())).toEqual([
      expect.stringMatching(/^Table "user" is missing\. Run Better Auth's migrations/),
    ]);
  });

  it('a role that may read nothing is told each table’s columns, and how to get them', async () => {
    await installRevocation(owner);
    const problems = await asRole('grant usage on schema public to session_guard_api', (from) =>
      problemsOf(inspect(from)),
    );
    expect(problems).toHaveLength(3);
    expect(problems[0]).toMatch(
      new RegExp(
        String.raw`^The API's role may not read "id", "name", .*"banExpires" of "user"\. Fix, as the owner: grant ` +
          String.raw`select \("id", .*\) on "user"`,
      ),
    );
    expect(problems[1]).toMatch(
      /"userId", "token", .* of "session"\..*or grantVerification\(queryRunner, \{ role \}\)/,
    );
    expect(problems[2]).toMatch(/may not read "id", "publicKey", "alg", "expiresAt" of "jwks"/);
  });

  it('members that the role may not read are a problem of the rules alone', async () => {
    const schema = await asRole('grant select on session, "user", jwks to session_guard_api', (from) => inspect(from));
    expect(schema.memberProblem).toMatch(/may not read "userId", "organizationId", "role" of "member"/);
  });

  it('the token may stay closed to a role that has the function, and to no other', async () => {
    await grantVerification(owner, { role: TEST_API_ROLE });
    const schema = await asRole('select 1', (from) => inspect(from));
    expect(schema).toMatchObject({ tokenLookup: '"public"."session_guard_find_sessions"', memberProblem: null });
    const problems = await asRole(
      'revoke execute on function session_guard_find_sessions(text[]) from session_guard_api',
      (from) => problemsOf(inspect(from)),
    );
    expect(problems).toEqual([expect.stringMatching(/may not read "token" of "session"/)]);
  });

  it('a token under another name is read directly: the function knows Better Auth’s own name alone', async () => {
    await grantVerification(owner, { role: TEST_API_ROLE });
    await owner.query('alter table session rename token to secret');
    const renamed = await connect(database.ownerUrl, { namingStrategy: new SecretNames() });
    const schema = await inspect(renamed);
    expect(schema.tokenLookup).toBeNull();
    await owner.query('alter table session drop constraint session_token_key');
    expect(await problemsOf(inspect(renamed))).toEqual([
      expect.stringMatching(
        /^"session"\."secret" has no unique index.*create unique index on "session" \("secret"\);$/,
      ),
    ]);
    await renamed.destroy();
  });
});

describe('SessionRepository', () => {
  const repositoryOn = async (from = dataSource): Promise<SessionRepository> =>
    new SessionRepository(poolOf(from), await inspect(from), {
      logStatement: (sql) => from.logger.logQuery(sql, ['<credentials>']),
    });

  const insert = (): Promise<unknown> =>
    owner.query(`
      insert into "user" (id, name, email, "emailVerified") values ('u1', 'Ada', 'ada@example.com', true);
      insert into session (id, token, "userId", "expiresAt", "updatedAt")
        values ('s1', 't1', 'u1', now() + interval '1 hour', now());
      insert into session (id, token, "userId", "expiresAt", "updatedAt")
        values ('s2', 't2', 'u1', now() + interval '2 hours', now())`);

  const stateOf = async (repository: SessionRepository, token = 't1'): Promise<string> => {
    const [byToken, byId] = [await repository.findByToken(token), await repository.findById(token.replace('t', 's'))];
    const [state, other] = [byToken, byId].map((record) =>
      'refused' in record ? record.refused : `ok ${record.sessionId} ${record.userId}`,
    );
    expect(other).toBe(state);
    return state ?? '';
  };

  it.each([
    ['nothing is changed', 'select 1', 'ok s1 u1'],
    ['there is no such session', `delete from session where id = 's1'`, 'unknown_session'],
    ['it ended', `update session set "expiresAt" = now() where id = 's1'`, 'expired'],
    [
      'its user is gone',
      `alter table session drop constraint "session_userId_fkey"; delete from "user"`,
      'user_missing',
    ],
    ['its user is banned', `update "user" set banned = true`, 'banned'],
    [
      'its user is banned for another hour',
      `update "user" set banned = true, "banExpires" = now() + interval '1 hour'`,
      'banned',
    ],
    [
      'its user was banned until a second ago',
      `update "user" set banned = true, "banExpires" = now() - interval '1 second'`,
      'ok s1 u1',
    ],
    [
      'its user isn’t banned, whatever the end says',
      `update "user" set banned = false, "banExpires" = now() + interval '1 hour'`,
      'ok s1 u1',
    ],
    [
      'an administrator has acted as the user for less than an hour',
      `update session set "impersonatedBy" = 'a', "createdAt" = now() - interval '59 minutes'`,
      'ok s1 u1',
    ],
    [
      'an administrator has acted as the user for an hour',
      `update session set "impersonatedBy" = 'a', "createdAt" = now() - interval '60 minutes'`,
      'impersonation_over',
    ],
    [
      'it is a year old and nobody acts as the user',
      `update session set "createdAt" = now() - interval '1 year'`,
      'ok s1 u1',
    ],
    [
      'it ended and its user is banned',
      `update session set "expiresAt" = now(); update "user" set banned = true`,
      'expired',
    ],
  ])('%s (%#)', async (_what, change, expected) => {
    await insert();
    await owner.query(change);
    expect(await stateOf(await repositoryOn())).toBe(expected);
  });

  it('judges where the plugins’ columns aren’t there, and gives null for them', async () => {
    await insert();
    await owner.query(`${WITHOUT_ADMIN}; alter table session drop "activeOrganizationId"`);
    const repository = await repositoryOn();
    expect(await stateOf(repository)).toBe('ok s1 u1');
    const found = await repository.findByToken('t1');
    if ('refused' in found) throw new Error(found.refused);
    const { user, session } = found.principal.open();
    expect(user).toMatchObject({
      id: 'u1',
      name: 'Ada',
      email: 'ada@example.com',
      emailVerified: true,
      role: null,
      banned: null,
    });
    expect(session).toMatchObject({
      id: 's1',
      userId: 'u1',
      impersonatedBy: null,
      activeOrganizationId: null,
      expiresAt: expect.any(Date),
    });
    expect([Object.isFrozen(user), Object.isFrozen(session), 'token' in (session ?? {})]).toEqual([true, true, false]);
  });

  it('a role without the token finds by the function what another finds by the column', async () => {
    await insert();
    await grantVerification(owner, { role: TEST_API_ROLE });
    await asRole('select 1', async (from) => {
      const repository = await repositoryOn(from);
      expect(
        await Promise.all(['t1', 't2', 't3', 's1'].map((token) => stateOf(repository, token).catch(() => 'differs'))),
      ).toEqual(['ok s1 u1', 'ok s2 u1', 'unknown_session', 'differs']);
    });
  });

  it('each of lookups at the same time gets the session it asked for', async () => {
    await insert();
    const repository = await repositoryOn();
    const tokens = ['t1', 't2', 't3', 't2', 't1'];
    const found = await Promise.all(tokens.map((token) => repository.findByToken(token)));
    expect(found.map((record) => ('refused' in record ? record.refused : record.sessionId))).toEqual([
      's1',
      's2',
      'unknown_session',
      's2',
      's1',
    ]);
  });

  it('TypeORM’s log hears of the statement, and of no token', async () => {
    await insert();
    const repository = await repositoryOn();
    const logged = jest.spyOn(dataSource.logger, 'logQuery');
    await repository.findByToken('t1');
    expect(logged.mock.calls).toEqual([
      [expect.stringMatching(/from "public"\."session" s\s+left join "public"\."user" u/), ['<credentials>']],
    ]);
  });

  it('lookups by token and by id keep their statements apart on one connection', async () => {
    await insert();
    const repository = await repositoryOn();
    for (let round = 0; round < 3; round += 1) {
      expect(await repository.findByToken('s1')).toEqual({ refused: 'unknown_session' });
      expect(await repository.findById('t1')).toEqual({ refused: 'unknown_session' });
    }
    const { rows } = await dataSource
      .query<{ name: string }[]>('select name from pg_prepared_statements')
      .then((all) => ({ rows: all }));
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  });
});

describe('the triggers', () => {
  it('TRUNCATE and a change of a signing key revoke everything; a key that is added revokes nothing', async () => {
    await installRevocation(owner);
    const heard: (string | undefined)[] = [];
    owner.on('notification', ({ payload }) => heard.push(payload));
    await owner.query('listen session_guard_revocation');
    const hears = async (statement: string) => {
      heard.length = 0;
      await owner.query(statement);
      await owner.query('select 1');
      return [...new Set(heard)];
    };
    expect(
      await hears(`insert into jwks (id, "publicKey", "privateKey", "createdAt") values ('k1', '{}', '{}', now())`),
    ).toEqual([]);
    for (const statement of [
      `update jwks set "expiresAt" = now()`,
      'delete from jwks',
      'truncate jwks',
      'truncate session',
      'truncate "user" cascade',
    ]) {
      expect([statement, await hears(statement)]).toEqual([statement, ['all']]);
    }
  });

  it('installing again changes nothing and enables a disabled trigger; uninstalling leaves nothing', async () => {
    const triggers = async () =>
      (
        await owner.query<{ t: string }>(
          "select tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text as t from pg_trigger " +
            "where tgname like 'session_guard%' order by 1",
        )
      ).rows.map(({ t }) => t);
    const all = [
      'jwks session_guard_all O',
      'session session_guard_all O',
      'session session_guard_row O',
      '"user" session_guard_all O',
      '"user" session_guard_row O',
    ];
    await installRevocation(owner);
    expect((await triggers()).sort()).toEqual([...all].sort());
    await owner.query('alter table session disable trigger session_guard_row');
    await installRevocation(owner);
    expect((await triggers()).sort()).toEqual([...all].sort());
    await uninstallRevocation(owner);
    expect(await triggers()).toEqual([]);
    expect((await owner.query(`select from pg_proc where proname like 'session_guard_notify%'`)).rowCount).toBe(0);
  });

  it('without a table of signing keys the others are installed', async () => {
    await owner.query('drop table jwks');
    await installRevocation(owner);
    expect((await owner.query(`select from pg_trigger where tgname like 'session_guard%'`)).rowCount).toBe(4);
  });
});
