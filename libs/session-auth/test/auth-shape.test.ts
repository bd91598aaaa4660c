import { Controller, Delete, Get, type Type } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import pg from 'pg';
import {
  AuthModule,
  DisallowImpersonation,
  installRevocation,
  OrgRoles,
  RequireActiveOrg,
  Roles,
} from '@session-guard/auth';
import { createTestApp } from '@session-guard/auth/testing';
import { createBetterAuth } from '../../../test/better-auth.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { createDatabaseWithIds } from '../../../test/ids.ts';
import { OPTIONS, ProbeController, signUp } from './fixture.ts';

@Controller()
class AccountController {
  @DisallowImpersonation()
  @Delete('account')
  remove() {
    return {};
  }
}

@Controller()
class TeamController {
  @OrgRoles(['owner'])
  @Get('team')
  team() {
    return {};
  }

  @RequireActiveOrg()
  @Get('projects')
  projects() {
    return {};
  }
}

@Roles(['admin'])
@Controller()
class AdminController {
  @Get('users')
  users() {
    return {};
  }
}

let database: TestDatabase;
let owner: pg.Pool;

beforeEach(async () => {
  database = await createTestDatabase('better-auth');
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
  owner.on('error', () => undefined);
});
afterEach(async () => {
  await owner.end();
  await database.drop();
});

const messageOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'it went through',
    (error: Error) => error.message,
  );

async function start(...controllers: Type[]): Promise<void> {
  const app = await createTestApp({
    imports: [
      TypeOrmModule.forRoot({ type: 'postgres', url: database.ownerUrl, autoLoadEntities: true, retryAttempts: 0 }),
      AuthModule.forRoot(OPTIONS),
    ],
    controllers: controllers.length > 0 ? controllers : [ProbeController],
  });
  await app.close();
}

/** Better Auth's tables as another tool would make them. */
const SHAPES: readonly { what: string; change: string; says: readonly RegExp[] }[] = [
  {
    what: 'snake_case columns of session, as Drizzle makes them',
    change:
      'alter table session rename "expiresAt" to expires_at; alter table session rename "userId" to user_id; ' +
      'alter table session rename "impersonatedBy" to impersonated_by',
    says: [
      new RegExp(
        String.raw`"session" has other column names: "user_id" for "userId", "expires_at" for "expiresAt", ` +
          String.raw`"impersonated_by" for "impersonatedBy"`,
      ),
      /rename column "expires_at" to "expiresAt"/,
    ],
  },
  {
    what: 'columns in lower case, as unquoted SQL makes them',
    change:
      'alter table session rename "expiresAt" to expiresat; ' +
      'alter table session rename "activeOrganizationId" to activeorganizationid',
    says: [/"expiresat" for "expiresAt", "activeorganizationid" for "activeOrganizationId"/],
  },
  {
    what: 'snake_case columns of user',
    change:
      'alter table "user" rename "updatedAt" to updated_at; alter table "user" rename "banExpires" to ban_expires',
    says: [/"user" has other column names: "updated_at" for "updatedAt", "ban_expires" for "banExpires"/],
  },
  {
    what: 'a ban under a name of its own',
    change: 'alter table "user" rename banned to blocked',
    says: [/admin plugin, "user"\."banned" can't be found, and "user"\."banReason".* can/],
  },
  {
    what: 'an impersonation under a name of its own',
    change: 'alter table session rename "impersonatedBy" to "actingAdmin"',
    says: [/"session"\."impersonatedBy" can't be found/],
  },
  {
    what: 'a role under a name of its own',
    change: 'alter table "user" rename role to kind',
    says: [/"user"\."role" can't be found/],
  },
  {
    what: 'sessions whose end has no time zone',
    change: 'alter table session alter "expiresAt" type timestamp',
    says: [
      /"session"\."expiresAt" is timestamp without time zone/,
      /type timestamptz using "expiresAt" at time zone 'UTC'/,
    ],
  },
  {
    what: 'times of milliseconds without a time zone, as Prisma makes them',
    change: 'alter table session alter "createdAt" type timestamp(3)',
    says: [/"createdAt" is timestamp\(3\) without time zone/],
  },
  {
    what: 'bans whose end has no time zone',
    change: 'alter table "user" alter "banExpires" type timestamp',
    says: [/"user"\."banExpires" is timestamp without time zone/],
  },
  {
    what: 'times that are numbers',
    change: 'alter table session alter "expiresAt" type bigint using 0',
    says: [/"session"\."expiresAt" is bigint/],
  },
  {
    what: 'plural tables',
    change: 'alter table session rename to sessions; alter table "user" rename to users',
    says: [/Table "user" is missing, but there is "public"\."users"/],
  },
  {
    what: 'sessions alone in the plural',
    change: 'alter table session rename to sessions',
    says: [/Table "session" is missing, but there is "public"\."sessions"/],
  },
  {
    what: 'a schema of its own',
    change: 'create schema auth; alter table session set schema auth',
    says: [/Table "session" is missing, but there is "auth"\."session".*search_path/],
  },
  { what: 'no table of sessions', change: 'drop table session', says: [/secondaryStorage.*storeSessionInDatabase/] },
];

describe.each(SHAPES)('a database with $what', ({ change, says }) => {
  it('is refused by name, by installRevocation() and at start; Better Auth’s tables get no trigger', async () => {
    await owner.query(change);
    const [installing, starting] = [await messageOf(installRevocation(owner)), await messageOf(start())];
    for (const each of says) {
      expect(installing).toMatch(each);
      expect(starting).toMatch(each);
    }
    expect(installing).toMatch(/^Session Guard doesn't install its triggers here:\n {2}- /);
    expect((await owner.query(`select from pg_trigger where tgname like 'session_guard%'`)).rowCount).toBe(0);
  });
});

describe('the start', () => {
  it('is refused where signing keys expire at times without a time zone, or lie under other names', async () => {
    await owner.query('alter table jwks alter "expiresAt" type timestamp');
    expect(await messageOf(start())).toMatch(/"jwks"\."expiresAt" is timestamp without time zone/);
    await owner.query(
      'alter table jwks alter "expiresAt" type timestamptz; alter table jwks rename "publicKey" to public_key',
    );
    expect(await messageOf(start())).toMatch(/"jwks" has other column names: "public_key" for "publicKey"/);
  });

  it('is refused where the index on tokens isn’t unique, is partial, or covers more than the token', async () => {
    await owner.query('alter table session drop constraint session_token_key');
    for (const index of [
      'create index x on session (token)',
      `create unique index x on session (token) where token > 'a'`,
      'create unique index x on session (token, id)',
    ]) {
      await owner.query(index);
      expect([index, await messageOf(start())]).toEqual([
        index,
        expect.stringMatching(/"session"\."token" has no unique index/),
      ]);
      await owner.query('drop index x');
    }
    await owner.query('create unique index x on session (token)');
    expect(await messageOf(start())).toBe('it went through');
  });

  it('goes on without any plugin', async () => {
    await owner.query(
      'alter table session drop "impersonatedBy", drop "activeOrganizationId"; ' +
        'alter table "user" drop role, drop banned, drop "banReason", drop "banExpires"',
    );
    await owner.query('drop table jwks, member cascade');
    await installRevocation(owner);
    class Plain {}
    Controller()(Plain);
    expect(await messageOf(start(Plain))).toBe('it went through');
  });

  it('goes on with a role of the team’s own and no admin plugin', async () => {
    await owner.query(
      'alter table session drop "impersonatedBy"; alter table "user" drop banned, drop "banReason", drop "banExpires"',
    );
    await installRevocation(owner);
    expect(await messageOf(start(AdminController))).toBe('it went through');
  });

  it.each([
    [
      AccountController,
      'alter table session drop "impersonatedBy"; alter table "user" drop role, drop banned, drop "banReason", ' +
        'drop "banExpires"',
      new RegExp(
        String.raw`@DisallowImpersonation\(\) of AccountController\.remove can't be judged\. The column ` +
          String.raw`"session"\."impersonatedBy" isn't there`,
      ),
    ],
    [
      AdminController,
      'alter table session drop "impersonatedBy"; alter table "user" drop role, drop banned, drop "banReason", ' +
        'drop "banExpires"',
      /@Roles\(\) of AdminController\.users can't be judged\. The column "user"\."role"/,
    ],
    [
      TeamController,
      'alter table session drop "activeOrganizationId"',
      /@RequireActiveOrg\(\) of TeamController\.projects can't be judged[\s\S]*@OrgRoles\(\) of TeamController\.team/,
    ],
    [
      TeamController,
      'drop table member',
      /@OrgRoles\(\) of TeamController\.team can't be judged\. The table "member" is missing/,
    ],
    [
      TeamController,
      'alter table member rename "organizationId" to organization_id',
      new RegExp(
        String.raw`@OrgRoles\(\) of TeamController\.team can't be judged\. "member" has other column names: ` +
          String.raw`"organization_id" for "organizationId"`,
      ),
    ],
  ] as const)('is refused when a rule has nothing to judge by (%#)', async (controller, change, says) => {
    expect(await messageOf(start(controller))).toBe('it went through');
    await owner.query(change);
    expect(await messageOf(start(controller))).toMatch(says);
  });
});

describe('the triggers', () => {
  const listen = async (): Promise<{ heard: string[]; client: pg.Client }> => {
    const client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
    const heard: string[] = [];
    client.on('notification', ({ payload }) => heard.push(payload ?? ''));
    await client.query('listen session_guard_revocation');
    return { heard, client };
  };

  it.each([
    ['renamed', 'alter table session rename "expiresAt" to expires_at'],
    ['dropped', 'alter table session drop "updatedAt"'],
    ['made a number', 'alter table session alter "expiresAt" type bigint using 0'],
    ['made text', `alter table session alter "expiresAt" type text using 'soon'`],
    ['renamed, the id itself', 'alter table session rename id to session_id'],
  ])('let every write through when a column is %s later, and revoke', async (_what, change) => {
    await installRevocation(owner);
    await signUp(createBetterAuth({ url: database.ownerUrl }));
    await owner.query(change);
    const { heard, client } = await listen();
    await owner.query(`update session set "userAgent" = 'another'`);
    await owner.query('update session set token = token');
    await owner.query('delete from session');
    await owner.query(`update "user" set name = 'Another'`);
    await owner.query('delete from "user"');
    await client.query('select 1');
    // The update that changes nothing may pass for a refresh; the others never.
    expect(heard.filter((payload) => payload === 'all' || payload.startsWith('s:')).length).toBeGreaterThanOrEqual(2);
    expect(heard.filter((payload) => payload.startsWith('u:'))).toHaveLength(2);
    await client.end();
  });

  it('say nothing of a refresh, and speak of an end that is moved back', async () => {
    await installRevocation(owner);
    await signUp(createBetterAuth({ url: database.ownerUrl }));
    const { heard, client } = await listen();
    await owner.query(`update session set "expiresAt" = "expiresAt" + interval '1 hour', "updatedAt" = now()`);
    await owner.query('update session set "expiresAt" = "expiresAt"');
    await owner.query(`update "user" set "updatedAt" = now()`);
    await client.query('select 1');
    expect(heard).toEqual([]);
    await owner.query(`update session set "expiresAt" = "expiresAt" - interval '1 millisecond'`);
    await client.query('select 1');
    expect(heard).toEqual([expect.stringMatching(/^s:[\w+/]{43}=$/)]);
    await client.end();
  });

  it('are installed again without a lock, and beside a writer within a second of waiting', async () => {
    await installRevocation(owner);
    const writer = new pg.Client({ connectionString: database.ownerUrl });
    await writer.connect();
    await writer.query('begin; lock table session, "user", jwks in row exclusive mode');
    await installRevocation(owner);
    await writer.query('rollback');

    await owner.query('drop trigger session_guard_row on session');
    await writer.query('begin; lock table session in row exclusive mode');
    const installing = installRevocation(owner);
    const other = new pg.Client({ connectionString: database.ownerUrl });
    await other.connect();
    // However long the writer goes on: whoever comes after it waits for an attempt at most, never for the writer's end.
    for (let write = 0; write < 5; write += 1) {
      await other.query(`set statement_timeout = '5s'`);
      await other.query(`update session set "userAgent" = 'another'`);
    }
    await writer.query('commit');
    await installing;
    expect((await owner.query(`select from pg_trigger where tgname = 'session_guard_row'`)).rowCount).toBe(2);
    expect((await owner.query('show lock_timeout')).rows).toEqual([{ lock_timeout: '0' }]);
    await Promise.all([writer.end(), other.end()]);
  });
});

it('numbers for ids: installRevocation() refuses, naming the column and the setting', async () => {
  const numbered = await createDatabaseWithIds('serial');
  const client = new pg.Client({ connectionString: numbered.ownerUrl });
  await client.connect();
  expect(await messageOf(installRevocation(client))).toMatch(/"user"\."id" is integer\. Ids must be text.*generateId/);
  await client.end();
  await numbered.drop();
});
