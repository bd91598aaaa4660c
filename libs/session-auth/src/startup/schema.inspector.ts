import {
  adminPluginProblems,
  AuthStartupError,
  columnsSql,
  identifier,
  missingTableProblem,
  ROW_TRIGGER,
  SIMILAR_TABLES_SQL,
  tableProblems,
  TOKEN_LOOKUP,
  TOKEN_LOOKUP_SIGNATURE,
  type AuthSchema,
  type ExpectedTable,
  type FoundColumn,
  type SimilarTable,
} from '@session-guard/core';
import type { DataSource, EntityMetadata } from 'typeorm';
import { poolOf } from '../database/pool.ts';
import { PLUGIN_SESSION_COLUMNS } from '../entities/session.entity.ts';
import { PLUGIN_USER_COLUMNS } from '../entities/user.entity.ts';
import { tableOfEntity } from './entity.tables.ts';

const SIGNING_KEYS: ExpectedTable = {
  name: 'jwks',
  columns: [{ name: 'id' }, { name: 'publicKey' }, { name: 'alg' }, { name: 'expiresAt', time: true }],
};
const MEMBERS: ExpectedTable = {
  name: 'member',
  columns: [{ name: 'userId' }, { name: 'organizationId' }, { name: 'role' }],
};

const TRIGGERS = `
  select count(*)::int as count from pg_trigger
  where tgname = $1 and tgenabled in ('O', 'A')
    and tgrelid = any (array(select to_regclass(path) from unnest($2::text[]) path))`;

/** A function that isn't there, or that the role may not call, is no way to a session. */
const MAY_CALL = `select coalesce(has_function_privilege(to_regprocedure($1), 'execute'), false) as "mayCall"`;

/**
 * Looks once, at start, whether sessions can be verified here, and makes the schema map of it.
 *
 * @throws AuthStartupError listing every missing table, column, index and privilege, and every column of another
 * shape, with its fix
 */
export async function inspectSchema(
  dataSource: DataSource,
  session: EntityMetadata,
  user: EntityMetadata,
  wantsJwt: boolean,
): Promise<AuthSchema> {
  const pool = poolOf(dataSource);
  const paths = [session, user].map(pathOf);
  const [columns, similar, triggers] = await Promise.all([
    pool.query<FoundColumn>(columnsSql([...paths, 'jwks', 'member'])),
    pool.query<SimilarTable>(SIMILAR_TABLES_SQL),
    pool.query<{ count: number }>(TRIGGERS, [ROW_TRIGGER, paths]),
  ]);
  const found = columns.rows;
  const schemaOf = (table: string): string | undefined => found.find((column) => column.table === table)?.schema;
  const qualified = (table: string): string => [schemaOf(table) ?? 'public', table].map(identifier).join('.');
  const columnOf = (table: string, name: string): FoundColumn | undefined =>
    found.find((each) => each.table === table && each.column === name);
  const tokenLookup = `${identifier(schemaOf(session.tableName) ?? 'public')}.${identifier(TOKEN_LOOKUP)}`;
  const { rows } = await pool.query<{ mayCall: boolean }>(MAY_CALL, [
    tokenLookup.replace(identifier(TOKEN_LOOKUP), TOKEN_LOOKUP_SIGNATURE),
  ]);

  const problems: string[] = [];
  // One missing table says enough: the other is most likely in the same place.
  const missing = [user, session].find(({ tableName }) => schemaOf(tableName) === undefined);
  if (missing) problems.push(missingTableProblem(missing.tableName, similar.rows));
  const token = session.findColumnWithPropertyName('token')?.databaseName ?? 'token';
  // It knows Better Auth's own names only.
  const mayCall = rows[0]?.mayCall === true && session.tableName === 'session' && token === 'token';
  const absentOfUser = check(user, PLUGIN_USER_COLUMNS);
  const absentOfSession = check(session, PLUGIN_SESSION_COLUMNS, mayCall ? token : undefined);
  if (!missing) problems.push(...adminPluginProblems(found, { session: session.tableName, user: user.tableName }));
  if (columnOf(session.tableName, token)?.unique === false) {
    const table = `"${session.tableName}" ("${token}")`;
    problems.push(
      `"${session.tableName}"."${token}" has no unique index, so each lookup would read the whole table. ` +
        `Fix: create unique index on ${table};`,
    );
  }
  const hasSigningKeys = wantsJwt && schemaOf('jwks') !== undefined;
  if (hasSigningKeys) problems.push(...tableProblems(SIGNING_KEYS, found), ...unreadable(SIGNING_KEYS));
  if (problems.length > 0) throw new AuthStartupError(problems);
  return {
    session: tableOfEntity(dataSource, session, qualified(session.tableName), absentOfSession),
    user: tableOfEntity(dataSource, user, qualified(user.tableName), absentOfUser),
    signingKeys: hasSigningKeys ? qualified('jwks') : null,
    member: qualified('member'),
    memberProblem:
      schemaOf('member') === undefined
        ? 'The table "member" is missing: it comes with Better Auth\'s organization plugin.'
        : ([...tableProblems(MEMBERS, found), ...unreadable(MEMBERS)][0] ?? null),
    tokenLookup: mayCall ? tokenLookup : null,
    announcesRevocations: triggers.rows[0]?.count === paths.length,
  };

  /** Adds what is wrong with a table. @returns the columns that its absent plugins would have added */
  function check(metadata: EntityMetadata, plugins: readonly string[], throughFunction?: string): Set<string> {
    const table: ExpectedTable = {
      name: metadata.tableName,
      entity: metadata.name,
      columns: metadata.columns.map(({ databaseName, propertyName, type }) => ({
        name: databaseName,
        time: type === 'timestamptz',
        plugin: plugins.includes(propertyName),
      })),
    };
    if (schemaOf(table.name) === undefined) return new Set();
    problems.push(...tableProblems(table, found), ...unreadable(table, throughFunction));
    const absent = table.columns.filter(({ name, plugin }) => plugin && !columnOf(table.name, name));
    return new Set(absent.map(({ name }) => name));
  }

  function unreadable({ name: table, columns: expected }: ExpectedTable, throughFunction?: string): string[] {
    const names = expected
      .filter(({ name }) => name !== throughFunction && columnOf(table, name)?.readable === false)
      .map(({ name }) => name);
    return names.length > 0 ? [grant(table, names)] : [];
  }
}

function pathOf(metadata: EntityMetadata): string {
  return metadata.tablePath.split('.').map(identifier).join('.');
}

function grant(table: string, columns: readonly string[]): string {
  const list = columns.map((column) => `"${column}"`).join(', ');
  return (
    `The API's role may not read ${list} of "${table}". ` +
    `Fix, as the owner: grant select (${list}) on "${table}" to <the role of the API's DATABASE URL>; ` +
    'or grantVerification(queryRunner, { role }) in a migration, which also keeps the tokens of sessions closed to it.'
  );
}
