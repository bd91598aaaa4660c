import type { FoundColumn, SimilarTable } from './auth.catalog.ts';

/** A column that is read, by Better Auth's own name unless the entity says another. */
export interface ExpectedColumn {
  readonly name: string;
  /** Whether it holds a point in time. */
  readonly time?: boolean;
  /** Whether only a plugin of Better Auth adds it. */
  readonly plugin?: boolean;
}

/** A table of Better Auth, and what is read of it. */
export interface ExpectedTable {
  readonly name: string;
  /** The class that says so. */
  readonly entity?: string;
  readonly columns: readonly ExpectedColumn[];
}

/** What the triggers, and every lookup, rely on. */
export const SESSION_SHAPE: ExpectedTable = {
  name: 'session',
  columns: [
    { name: 'id' },
    { name: 'userId' },
    { name: 'token' },
    { name: 'expiresAt', time: true },
    { name: 'createdAt', time: true },
    { name: 'updatedAt', time: true },
    { name: 'impersonatedBy', plugin: true },
    { name: 'activeOrganizationId', plugin: true },
  ],
};

/** As {@link SESSION_SHAPE}. */
export const USER_SHAPE: ExpectedTable = {
  name: 'user',
  columns: [
    { name: 'id' },
    { name: 'updatedAt', time: true },
    { name: 'role', plugin: true },
    { name: 'banned', plugin: true },
    { name: 'banReason', plugin: true },
    { name: 'banExpires', time: true, plugin: true },
  ],
};

/** The admin plugin adds all of these at once; a role alone may be a field of the team's own. */
const ADMIN_COLUMNS = ['user.banned', 'user.banReason', 'user.banExpires', 'session.impersonatedBy'];

/** What ids may be: Better Auth makes them as text, or as uuid where it was told so. */
const ID_TYPES = /^(?:text|uuid|character varying(?:\(\d+\))?)$/;
const WITH_TIME_ZONE = /^timestamp(?:\(\d\))? with time zone(?:\[\])*$/;

const OWN_NAMES =
  "Tables are read as Better Auth's own migrations make them. Name the columns so in the schema of its adapter " +
  '(Drizzle: the first argument of each column; Prisma: no @map; fields: {} in its options), and here:';

/** What of a table has another shape than Better Auth's own migrations give it, each with its fix. */
export function tableProblems(expected: ExpectedTable, found: readonly FoundColumn[]): string[] {
  const { name: table, entity } = expected;
  const where = entity === undefined ? '' : ` of ${entity}`;
  const problems: string[] = [];
  const own = new Map(found.filter((column) => column.table === table).map((column) => [column.column, column]));
  const respelled: { name: string; found: string }[] = [];
  for (const { name, time, plugin } of expected.columns) {
    const column = own.get(name);
    if (column === undefined) {
      const other = [...own.keys()].find((key) => spelling(key) === spelling(name));
      if (other !== undefined) respelled.push({ name, found: other });
      else if (!plugin)
        problems.push(
          `Column "${table}"."${name}"${where} is missing. Run Better Auth's migrations, ` +
            `or correct the entity's @Column({ name }).`,
        );
    } else if (time && !WITH_TIME_ZONE.test(column.type)) {
      problems.push(
        `"${table}"."${name}" is ${column.type}: without a time zone its meaning changes with whoever reads it, ` +
          'and ended sessions and bans could count for hours. ' +
          `Fix: alter table "${table}" alter column "${name}" type timestamptz using "${name}" at time zone 'UTC'; ` +
          'and withTimezone: true (Drizzle) or @db.Timestamptz (Prisma) where the schema says so.',
      );
    } else if (name === 'id' && !ID_TYPES.test(column.type)) {
      problems.push(
        `"${table}"."id" is ${column.type}. Ids must be text, Better Auth's default, or uuid: ` +
          'set advanced.database.generateId there.',
      );
    }
  }
  if (respelled.length > 0) {
    const pairs = respelled.map((each) => `"${each.found}" for "${each.name}"`).join(', ');
    const renames = respelled
      .map((each) => `alter table "${table}" rename column "${each.found}" to "${each.name}";`)
      .join(' ');
    problems.unshift(`"${table}" has other column names: ${pairs}. ${OWN_NAMES} ${renames}`);
  }
  return problems;
}

/** Says which columns of the admin plugin are missing where others are there: renamed ones would go unseen. */
export function adminPluginProblems(
  found: readonly FoundColumn[],
  tables: { readonly session: string; readonly user: string },
): string[] {
  const names = new Set(found.map(({ table, column }) => `${table}.${column}`));
  const isThere = (name: string): boolean => {
    const [table = '', column = ''] = name.split('.');
    return names.has(`${table === 'user' ? tables.user : tables.session}.${column}`);
  };
  const missing = ADMIN_COLUMNS.filter((name) => !isThere(name));
  if (missing.length === ADMIN_COLUMNS.length) return [];
  if (!isThere('user.role')) missing.push('user.role');
  if (missing.length === 0) return [];
  const list = (wanted: readonly string[]): string => wanted.map((name) => `"${name.replace('.', '"."')}"`).join(', ');
  return [
    `Of the columns of Better Auth's admin plugin, ${list(missing)} can't be found, ` +
      `and ${list(ADMIN_COLUMNS.filter(isThere))} can. ` +
      'Under another name a ban or an impersonation would go unseen. Run the migrations of Better Auth, ' +
      'or give the columns their own names (no fields: {} for them).',
  ];
}

/** Says that a table is missing, and which others could be meant. */
export function missingTableProblem(name: string, similar: readonly SimilarTable[]): string {
  const others = similar
    .filter(({ table }) => singular(table).endsWith(singular(name)))
    .map(({ schema, table }) => `"${schema}"."${table}"`);
  if (others.length > 0) {
    return (
      `Table "${name}" is missing, but there is ${others.join(' and ')}. ` +
      "Tables are read by Better Auth's own names in the search path: rename it (no usePlural, no modelName), " +
      'or put its schema into the search path of this connection: options=-c search_path=<schema>.'
    );
  }
  return name.endsWith('session')
    ? `Table "${name}" is missing. With secondaryStorage Better Auth keeps sessions elsewhere: ` +
        'set session.storeSessionInDatabase: true there and run its migrations.'
    : `Table "${name}" is missing. Run Better Auth's migrations on this database first (npx auth migrate), ` +
        'and check that both use the same one.';
}

/** Equal for `expiresAt`, `expires_at` and `expiresat`. */
function spelling(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

function singular(name: string): string {
  return name.toLowerCase().replace(/s$/, '');
}
