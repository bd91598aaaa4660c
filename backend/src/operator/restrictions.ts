import { SQLSTATE, sqlStateOf } from '@session-guard/core';
import type pg from 'pg';

/** Something PostgreSQL gives to every role of a database, as its default, that the API's role must not have. */
interface Surplus {
  readonly what: string;
  /** SQL: whether the role `$1` has it. */
  readonly has: string;
  /** SQL: whether this connection may take it. */
  readonly mayTake: string;
  /** What follows `grant` and `revoke`. */
  readonly privilege: string;
}

const THIS_DATABASE = '(select oid from pg_database where datname = current_database())';
const SUPERUSER = 'select rolsuper from pg_roles where rolname = current_user';
/** Of these alone comes a new large object. `lo_import` is closed to everybody but superusers already. */
const LARGE_OBJECTS = ['lo_creat(integer)', 'lo_create(oid)', 'lo_from_bytea(oid, bytea)'].map(
  (name) => `pg_catalog.${name}`,
);

function surplus(database: string, schema: string): readonly Surplus[] {
  return [
    {
      what: 'make temporary tables',
      has: `select has_database_privilege($1, ${THIS_DATABASE}, 'temporary')`,
      mayTake: `select pg_has_role(current_user, datdba, 'usage') from pg_database where datname = current_database()`,
      privilege: `temporary on database ${database}`,
    },
    {
      what: `make objects in schema ${schema}`,
      has: `select has_schema_privilege($1, (select oid from pg_namespace where nspname = current_schema()), 'create')`,
      mayTake: `select pg_has_role(current_user, nspowner, 'usage') from pg_namespace where nspname = current_schema()`,
      privilege: `create on schema ${schema}`,
    },
    {
      what: 'make large objects',
      has: `select ${LARGE_OBJECTS.map(mayExecute).join(' or ')}`,
      mayTake: SUPERUSER,
      privilege: `execute on function ${LARGE_OBJECTS.join(', ')}`,
    },
  ];
}

/** SQL: whether the role `$1` may call a function. */
function mayExecute(name: string): string {
  return `has_function_privilege($1, '${name}'::regprocedure, 'execute')`;
}

/** Roles that own something in this database or were granted something: they keep what everybody had until now. */
const NEIGHBOURS = `
  select distinct quote_ident(rolname) as name from pg_shdepend join pg_roles r on r.oid = refobjid
  where refclassid = 'pg_authid'::regclass
    and (dbid = ${THIS_DATABASE} or classid = 'pg_database'::regclass and objid = ${THIS_DATABASE})
    and not rolsuper and rolname <> $1`;

const ELSEWHERE = `
  select quote_ident(datname) as name from pg_database
  where datallowconn and datname <> current_database() and has_database_privilege($1, oid, 'connect')
  order by datname limit 4`;

/**
 * Takes from the API's role what PostgreSQL gives to everybody: temporary tables (one could be named like a real one),
 * objects in the schema, and large objects. A privilege of everybody can't be taken from one role: it is taken from
 * PUBLIC, and roles that already have something in this database are granted it by name. Then pins the role's search
 * path, with temporary tables last.
 *
 * What this connection may not change is logged with the statement for whoever may, and so are other databases that the
 * role may connect to: those may belong to somebody else. Running it again changes nothing.
 */
export async function restrictApiRole(owner: pg.Client, role: string, log: (line: string) => void): Promise<void> {
  const [names] = (
    await owner.query<{ database: string; schema: string }>(
      'select quote_ident(current_database()) as database, quote_ident(current_schema()) as schema',
    )
  ).rows;
  if (names === undefined) return;
  for (const { what, has, mayTake, privilege } of surplus(names.database, names.schema)) {
    if (!(await isTrue(owner, has, [role]))) continue;
    const revoke = `revoke ${privilege} from public, ${owner.escapeIdentifier(role)}`;
    if (!(await isTrue(owner, mayTake))) {
      log(`the role ${role} may ${what}, which it doesn't need. As one that may change it: ${revoke};`);
      continue;
    }
    const { rows } = await owner.query<{ name: string }>(NEIGHBOURS, [role]);
    const keep = rows.map(({ name }) => `grant ${privilege} to ${name};`).join(' ');
    await owner.query(`${keep} ${revoke}`);
  }
  await pinSearchPath(owner, role, `${names.schema}, pg_temp`, log);
  const { rows: elsewhere } = await owner.query<{ name: string }>(ELSEWHERE, [role]);
  if (elsewhere.length > 0) {
    const list = elsewhere.map(({ name }) => name).join(', ');
    log(
      `the role ${role} may connect to other databases (${list}). As their owner, if nobody relies on it: ` +
        `revoke connect on database ${list} from public;`,
    );
  }
}

async function pinSearchPath(owner: pg.Client, role: string, path: string, log: (line: string) => void): Promise<void> {
  const setting = `search_path=${path}`;
  const isPinned = `select exists (select from pg_db_role_setting where setdatabase = ${THIS_DATABASE}
    and setrole = (select oid from pg_roles where rolname = $1) and $2 = any (setconfig))`;
  if (await isTrue(owner, isPinned, [role, setting])) return;
  const database = owner.escapeIdentifier(owner.database ?? '');
  const statement = `alter role ${owner.escapeIdentifier(role)} in database ${database} set search_path = ${path}`;
  try {
    await owner.query(statement);
  } catch (error) {
    if (sqlStateOf(error) !== SQLSTATE.insufficientPrivilege) throw error;
    log(`the search path of the role ${role} could not be pinned. As one that may: ${statement};`);
  }
}

async function isTrue(owner: pg.Client, sql: string, values: readonly string[] = []): Promise<boolean> {
  const { rows } = await owner.query<{ yes: boolean }>(`select (${sql}) as yes`, [...values]);
  return rows[0]?.yes === true;
}
