import { identifier, literal } from '../postgres/identifier.ts';
import { rowsOf, type SqlRunner } from '../postgres/sql.runner.ts';
import { TOKEN_LOOKUP_SIGNATURE, tokenLookupSql } from './token.lookup.ts';

/** Options of {@link grantVerification}. */
export interface VerificationGrants {
  /** The role the API connects as: neither the owner of the tables nor a superuser. */
  readonly role: string;
}

/** What the API's role reads of each table; the other tables of Better Auth stay closed. */
const READABLE: Readonly<Record<string, (column: string) => boolean>> = {
  session: (column) => column !== 'token',
  user: () => true,
  jwks: (column) => ['id', 'publicKey', 'createdAt', 'expiresAt', 'alg', 'crv'].includes(column),
  member: (column) => ['id', 'organizationId', 'userId', 'role'].includes(column),
};

const COLUMNS = `
  select n.nspname as schema, c.relname as "table", a.attname as "column", format_type(a.atttypid, a.atttypmod) as type
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.oid in (${Object.keys(READABLE)
    .map((table) => `to_regclass(${literal(identifier(table))})`)
    .join(', ')})
  order by a.attnum`;

interface ColumnRow {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

/**
 * Lets a role verify sessions and read no credential: every column of `session` but the token, `user`, the public
 * columns of `jwks`, and the roles in `member`. Tokens are looked up through a function that belongs to the owner, so
 * the role can judge a token it is given and can't list any. Password hashes, codes and private keys stay closed.
 *
 * Run it in a migration, as the owner of Better Auth's tables and after Better Auth's own migrations. Running it again
 * takes in columns and tables that came later. What the role could read of these tables beyond that is taken back.
 *
 * @example
 * ```ts
 * up = (queryRunner: QueryRunner) => grantVerification(queryRunner, { role: 'api' });
 * ```
 * @throws Error when `session` or `user` doesn't exist yet, or when the role may still read tokens another way
 */
export async function grantVerification(runner: SqlRunner, { role }: VerificationGrants): Promise<void> {
  const columns = await rowsOf<ColumnRow>(runner, COLUMNS);
  const grantee = identifier(role);
  const statements: string[] = [];
  for (const [table, mayRead] of Object.entries(READABLE)) {
    const own = columns.filter((column) => column.table === table);
    const [first] = own;
    if (first === undefined) continue;
    const path = `${identifier(first.schema)}.${identifier(table)}`;
    const list = own.filter(({ column }) => mayRead(column)).map(({ column }) => identifier(column));
    // Of a table that is read whole, what is added later needs no further grant.
    const granted = list.length === own.length ? '' : ` (${list.join(', ')})`;
    statements.push(
      `grant usage on schema ${identifier(first.schema)} to ${grantee};`,
      `revoke select on ${path} from ${grantee};`,
      `grant select${granted} on ${path} to ${grantee};`,
    );
  }
  const id = columns.find(({ table, column }) => table === 'session' && column === 'id');
  if (id === undefined || !columns.some(({ table }) => table === 'user')) {
    throw new Error(
      'The tables "session" and "user" are missing: run Better Auth\'s migrations before grantVerification().',
    );
  }
  // One string is one transaction: a running API is never without its privileges.
  await runner.query([...statements, tokenLookupSql(identifier(id.schema), id.type, grantee)].join('\n'));
  await refuseReadableTokens(runner, id.schema, role);
}

/** Takes back what {@link grantVerification} gave. */
export async function revokeVerification(runner: SqlRunner, { role }: VerificationGrants): Promise<void> {
  const columns = await rowsOf<ColumnRow>(runner, COLUMNS);
  const tables = new Map(columns.map(({ schema, table }) => [table, `${identifier(schema)}.${identifier(table)}`]));
  const schema = columns.find(({ table }) => table === 'session')?.schema;
  await runner.query(
    [
      ...[...tables.values()].map((table) => `revoke all on ${table} from ${identifier(role)};`),
      schema === undefined ? '' : `drop function if exists ${identifier(schema)}.${TOKEN_LOOKUP_SIGNATURE};`,
    ].join('\n'),
  );
}

async function refuseReadableTokens(runner: SqlRunner, schema: string, role: string): Promise<void> {
  const table = literal(`${identifier(schema)}."session"`);
  const [answer] = await rowsOf<{ readonly readable: boolean }>(
    runner,
    `select has_column_privilege(${literal(role)}, ${table}, 'token', 'select') as readable`,
  );
  if (answer?.readable === false) return;
  throw new Error(
    `The role "${role}" may read "session"."token" all the same: it owns the table, is a superuser ` +
      'or a member of another role that may, or everybody was granted it. ' +
      'Connect the API as a role of its own, and take the privilege back: revoke select on "session" from public;',
  );
}
