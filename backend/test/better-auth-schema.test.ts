import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { getMetadataArgsStorage } from 'typeorm';
import { SessionEntity, UserEntity } from '@session-guard/auth';
import { ROOT } from '../../scripts/root.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';

const FILE = 'backend/test/better-auth-schema.json';
/** What the JWT verifier reads of the keys. */
const KEY_COLUMNS = ['id', 'publicKey', 'alg', 'createdAt', 'expiresAt'];
/**
 * Of the organization plugin, which the web application doesn't have; and what is looked up through a function, unread.
 */
const ELSEWHERE = ['session.activeOrganizationId', 'session.token'];

/** Every column of Better Auth's tables; the API's own are told by their forced row level security. */
const COLUMNS = `
  select c.relname as "table", a.attname as "column",
    format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null'
      else '' end || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as type,
    has_column_privilege('session_guard_api', c.oid, a.attnum, 'select') as readable
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not c.relforcerowsecurity
    and c.relname not in ('api_migrations', 'task_usage')
  order by c.relname collate "C", a.attname collate "C"`;

const CONSTRAINTS = `
  select conrelid::regclass::text as "table", pg_get_constraintdef(oid) as definition
  from pg_constraint where contype in ('p', 'u', 'f') and connamespace = 'public'::regnamespace order by 1, 2`;

interface Column {
  table: string;
  column: string;
  type: string;
  readable: boolean;
}

let database: TestDatabase;
let columns: Column[];
let constraints: { table: string; definition: string }[];

beforeAll(async () => {
  database = await createTestDatabase('app');
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  ({ rows: columns } = await client.query<Column>(COLUMNS));
  ({ rows: constraints } = await client.query<{ table: string; definition: string }>(CONSTRAINTS));
  await client.end();
});
afterAll(() => database.drop());

it("Better Auth's migrations make the schema that was reviewed", () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/better-auth/package.json'), 'utf8')) as {
    version: string;
  };
  const tables = new Map<string, Column[]>();
  for (const column of columns) tables.set(column.table, [...(tables.get(column.table) ?? []), column]);
  const schema = {
    betterAuth: version,
    tables: Object.fromEntries(
      [...tables].map(([table, list]) => [
        table,
        {
          columns: Object.fromEntries(
            list.map(({ column, type, readable }) => [column, readable ? `${type} (the API may read it)` : type]),
          ),
          constraints: constraints
            .filter((constraint) => constraint.table.replaceAll('"', '') === table)
            .map(({ definition }) => definition),
        },
      ]),
    ),
  };
  const now = `${JSON.stringify(schema, null, 2)}\n`;
  if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(join(ROOT, FILE), now);
  const changes = difference(readFileSync(join(ROOT, FILE), 'utf8'), now);
  if (changes.length > 0) {
    throw new Error(
      `Better Auth's schema is not what ${FILE} says:\n${changes.join('\n')}\nRead ` +
        'docs/operations/better-auth-upgrade.md. If the change is meant and the tests of libs/session-auth pass, ' +
        'accept it:\n  UPDATE_SCHEMA=1 npx jest backend/test/better-auth-schema',
    );
  }
});

it('what the verifier reads is there, may be read, and has the type it expects', () => {
  const found = new Map(
    columns.map(({ table, column, type, readable }) => [
      `${table}.${column}`,
      `${type.split(' ')[0]}${readable ? '' : ' unreadable'}`,
    ]),
  );
  const typeOf: Record<string, string> = { text: 'text', timestamptz: 'timestamp', boolean: 'boolean' };
  const wanted = [
    ...[SessionEntity, UserEntity].flatMap((entity) =>
      getMetadataArgsStorage()
        .columns.filter(({ target }) => target === entity)
        .map(({ propertyName, options }) => [
          `${entity === SessionEntity ? 'session' : 'user'}.${propertyName}`,
          typeOf[String(options.type)],
        ]),
    ),
    ...KEY_COLUMNS.map((column) => [`jwks.${column}`, column.endsWith('At') ? 'timestamp' : 'text']),
  ].filter(([name]) => !ELSEWHERE.includes(name ?? ''));
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.map(([name]) => [name, found.get(name ?? '')])).toEqual(wanted);
  expect(constraints).toContainEqual({ table: 'session', definition: 'UNIQUE (token)' });
  expect(constraints).toContainEqual({
    table: 'session',
    definition: 'FOREIGN KEY ("userId") REFERENCES "user"(id) ON DELETE CASCADE',
  });
  // And what it must not read stays closed.
  for (const secret of [
    'session.token',
    'account.password',
    'jwks.privateKey',
    'verification.value',
    'twoFactor.secret',
  ])
    expect([secret, found.get(secret)]).toEqual([secret, 'text unreadable']);
});

/** Lines that were added or are gone, each below the table it is of. */
function difference(before: string, after: string): string[] {
  const lines = (text: string): string[] => {
    let table = '';
    return text.split('\n').map((line) => {
      table = /^ {4}"(\w+)": \{/.exec(line)?.[1] ?? table;
      return `${table}: ${line.trim().replace(/,$/, '')}`;
    });
  };
  const [old, now] = [new Set(lines(before)), new Set(lines(after))];
  return [
    ...[...now].filter((line) => !old.has(line)).map((line) => `  + ${line}`),
    ...[...old].filter((line) => !now.has(line)).map((line) => `  - ${line}`),
  ];
}
