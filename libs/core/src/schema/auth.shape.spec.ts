import type { FoundColumn } from './auth.catalog.ts';
import { adminPluginProblems, missingTableProblem, SESSION_SHAPE, tableProblems, USER_SHAPE } from './auth.shape.ts';

const TIME = 'timestamp with time zone';
const column = (table: string, name: string, type = 'text'): FoundColumn => ({
  schema: 'public',
  table,
  column: name,
  type,
  readable: true,
  unique: false,
});
/** Tables as Better Auth makes them, with all its plugins. */
const OWN: readonly FoundColumn[] = [SESSION_SHAPE, USER_SHAPE].flatMap(({ name, columns }) =>
  columns.map((each) => column(name, each.name, each.time ? TIME : each.name === 'banned' ? 'boolean' : 'text')),
);
const without = (...names: string[]): FoundColumn[] =>
  OWN.filter((each) => !names.includes(`${each.table}.${each.column}`));
const withType = (name: string, type: string): FoundColumn[] =>
  OWN.map((each) => (`${each.table}.${each.column}` === name ? { ...each, type } : each));

describe('tableProblems', () => {
  it('has nothing to say of Better Auth’s own tables', () => {
    expect([...tableProblems(SESSION_SHAPE, OWN), ...tableProblems(USER_SHAPE, OWN)]).toEqual([]);
  });

  it.each(['id', 'userId', 'token', 'expiresAt', 'createdAt', 'updatedAt'])('session.%s has to be there', (name) => {
    expect(tableProblems(SESSION_SHAPE, without(`session.${name}`))).toEqual([
      expect.stringMatching(new RegExp(`^Column "session"\\."${name}" is missing\\. Run Better Auth's migrations`)),
    ]);
  });

  it.each(['id', 'updatedAt'])('user.%s has to be there', (name) => {
    expect(tableProblems(USER_SHAPE, without(`user.${name}`))).toEqual([
      expect.stringContaining(`Column "user"."${name}" is missing`),
    ]);
  });

  it('what a plugin adds may be missing, and a column of another table doesn’t stand in for one', () => {
    const bare = without(
      'session.impersonatedBy',
      'session.activeOrganizationId',
      'user.role',
      'user.banned',
      'user.banReason',
      'user.banExpires',
    );
    expect([...tableProblems(SESSION_SHAPE, bare), ...tableProblems(USER_SHAPE, bare)]).toEqual([]);
    expect(
      tableProblems(USER_SHAPE, [...without('user.updatedAt'), column('account', 'updatedAt', TIME)]),
    ).toHaveLength(1);
  });

  it('names the class whose column is missing', () => {
    expect(tableProblems({ ...SESSION_SHAPE, entity: 'AppSession' }, without('session.token'))[0]).toContain(
      '"session"."token" of AppSession is missing',
    );
  });

  it.each(['session.expiresAt', 'session.createdAt', 'session.updatedAt', 'user.updatedAt', 'user.banExpires'])(
    '%s must be a time with its zone, in any precision, or several',
    (name) => {
      const problems = (type: string) =>
        [SESSION_SHAPE, USER_SHAPE].flatMap((shape) => tableProblems(shape, withType(name, type)));
      expect([TIME, 'timestamp(3) with time zone', `${TIME}[]`].flatMap(problems)).toEqual([]);
      for (const type of [
        'timestamp without time zone',
        'timestamp(3) without time zone',
        'bigint',
        'text',
        `not a ${TIME}`,
        `${TIME} range`,
      ]) {
        expect([type, problems(type)]).toEqual([type, [expect.stringContaining(` is ${type}: `)]]);
      }
      const [table, wrong] = name.split('.');
      expect(problems('bigint')[0]).toContain(`alter table "${table}" alter column "${wrong}" type timestamptz`);
    },
  );

  it.each([
    ['text', true],
    ['uuid', true],
    ['character varying', true],
    ['character varying(36)', true],
    ['integer', false],
    ['bigint', false],
    ['not text', false],
    ['text[]', false],
    ['uuid[]', false],
  ])('ids that are %s → fine: %s', (type, isFine) => {
    const problems = tableProblems(USER_SHAPE, withType('user.id', type));
    expect(problems).toEqual(isFine ? [] : [expect.stringContaining(`"user"."id" is ${type}. Ids must be text`)]);
  });

  it('other columns may have any type', () => {
    expect(tableProblems(USER_SHAPE, withType('user.role', 'integer'))).toEqual([]);
  });

  it.each([
    ['expires_at', 'user_id'],
    ['expiresat', 'USERID'],
    ['EXPIRES_AT', 'user-id'],
  ])('columns that are only spelled otherwise (%s) are named first, each with its rename', (end, user) => {
    const found = [
      ...without('session.expiresAt', 'session.userId', 'session.token'),
      column('session', end, 'bigint'),
      column('session', user),
    ];
    const problems = tableProblems(SESSION_SHAPE, found);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain(
      `"session" has other column names: "${user}" for "userId", "${end}" for "expiresAt". Tables are read`,
    );
    expect(problems[0]).toContain(
      `alter table "session" rename column "${user}" to "userId"; ` +
        `alter table "session" rename column "${end}" to "expiresAt";`,
    );
    expect(problems[1]).toContain('"session"."token" is missing');
  });
});

describe('adminPluginProblems', () => {
  const TABLES = { session: 'session', user: 'user' };
  const ALL = ['user.banned', 'user.banReason', 'user.banExpires', 'session.impersonatedBy'];

  it('has nothing to say where the plugin is whole, or absent, with a role of the team’s own or without', () => {
    expect(adminPluginProblems(OWN, TABLES)).toEqual([]);
    expect(adminPluginProblems(without(...ALL), TABLES)).toEqual([]);
    expect(adminPluginProblems(without(...ALL, 'user.role'), TABLES)).toEqual([]);
  });

  it.each([...ALL, 'user.role'])('%s missing alone would go unseen', (name) => {
    const [problem, ...others] = adminPluginProblems(without(name), TABLES);
    expect(others).toEqual([]);
    const quoted = (each: string) => `"${each.replace('.', '"."')}"`;
    expect(problem).toContain(
      `${quoted(name)} can't be found, and ${ALL.filter((each) => each !== name)
        .map(quoted)
        .join(', ')} can.`,
    );
  });

  it('names everything that is missing where one of them is there', () => {
    const [problem] = adminPluginProblems(
      without('user.role', 'user.banReason', 'user.banExpires', 'session.impersonatedBy'),
      TABLES,
    );
    expect(problem).toContain(
      '"user"."banReason", "user"."banExpires", "session"."impersonatedBy", "user"."role" ' +
        `can't be found, and "user"."banned" can.`,
    );
  });

  it('looks into the tables it is told of', () => {
    const renamed = OWN.map((each) => ({ ...each, table: `app_${each.table}` }));
    expect(adminPluginProblems(renamed, TABLES)).toEqual([]);
    const partial = renamed.filter(({ column: name }) => name !== 'banned');
    expect(adminPluginProblems(partial, { session: 'app_session', user: 'app_user' })).toEqual([
      expect.stringContaining('"user"."banned" can\'t be found'),
    ]);
  });
});

describe('missingTableProblem', () => {
  it('names the tables that could be meant, in the singular or the plural and in any case', () => {
    const similar = ['users', 'User', 'auth_user', 'sessions'].map((table) => ({ schema: 'auth', table }));
    expect(missingTableProblem('user', similar)).toContain(
      'there is "auth"."users" and "auth"."User" and "auth"."auth_user". Tables',
    );
    expect(missingTableProblem('sessions', [{ schema: 'public', table: 'session' }])).toContain(
      'there is "public"."session".',
    );
  });

  it('says where sessions may be instead, and otherwise to migrate', () => {
    expect(missingTableProblem('session', [{ schema: 'public', table: 'users' }])).toMatch(
      /secondaryStorage.*storeSessionInDatabase: true/,
    );
    expect(missingTableProblem('app_session', [])).toMatch(/secondaryStorage/);
    expect(missingTableProblem('user', [])).toMatch(
      /^Table "user" is missing\. Run Better Auth's migrations on this database first/,
    );
  });
});
