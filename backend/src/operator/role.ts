import { SQLSTATE, sqlStateOf } from '@session-guard/core';
import pg from 'pg';
import { API_ROLE, apiDatabaseUrl, apiRolePassword } from '../database/api-role.ts';

/** The role can't be made or used; the message holds the SQL or the variable that helps, and no password. */
export class RoleError extends Error {
  override readonly name = 'RoleError';
}

/** Two migrations at once on one cluster: PostgreSQL has no lock on roles, so the loser just looks again. */
const RACES = new Set(['23505', '42710', 'XX000']);
const WRONG_PASSWORD = new Set(['28P01', '28000']);
const ATTEMPTS = 10;
const POWERLESS = 'nosuperuser nobypassrls nocreaterole nocreatedb noreplication';

/**
 * Makes sure that the API's role exists, may log in with the password derived from the secret, and can't bypass
 * anything. Roles belong to the whole cluster, and several databases of it may be migrated at once.
 *
 * @throws {RoleError} when the owner may not create roles
 */
export async function ensureApiRole(owner: pg.Client, databaseUrl: string, secret: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await createOrAlter(owner, databaseUrl, secret);
      return;
    } catch (error) {
      const code = sqlStateOf(error);
      if (code === SQLSTATE.insufficientPrivilege) throw new RoleError(await forbiddenMessage(owner));
      if (code === undefined || !RACES.has(code) || attempt === ATTEMPTS) throw error;
    }
  }
}

async function createOrAlter(owner: pg.Client, databaseUrl: string, secret: string): Promise<void> {
  const password = owner.escapeLiteral(apiRolePassword(secret));
  const { rows } = await owner.query<{ unsafe: boolean }>(
    `select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or not rolcanlogin as unsafe
       from pg_roles where rolname = $1`,
    [API_ROLE],
  );
  const role = rows[0];
  if (role === undefined) {
    await owner.query(`create role ${API_ROLE} login ${POWERLESS} password ${password}`);
  } else if (role.unsafe) {
    await owner.query(`alter role ${API_ROLE} login ${POWERLESS}`);
  }
  await owner.query(`grant connect on database ${owner.escapeIdentifier(owner.database ?? 'postgres')} to ${API_ROLE}`);
  // Altered only when it doesn't fit: concurrent ALTER ROLEs fail, and test databases share the role.
  if (!(await canLogIn(apiDatabaseUrl(databaseUrl, secret))))
    await owner.query(`alter role ${API_ROLE} password ${password}`);
}

async function canLogIn(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    const code = sqlStateOf(error);
    if (code !== undefined && WRONG_PASSWORD.has(code)) return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What somebody with more rights has to do: make the role, or give the one there is another password. */
async function forbiddenMessage(owner: pg.Client): Promise<string> {
  const { rowCount } = await owner.query('select from pg_roles where rolname = $1', [API_ROLE]);
  const address = `${owner.host}:${owner.port}/${owner.database ?? ''}`;
  const statement = rowCount === 0 ? `create role ${API_ROLE}` : `alter role ${API_ROLE}`;
  return (
    (rowCount === 0
      ? `The role "${owner.user ?? 'owner'}" of DATABASE_URL may not create roles.`
      : `The role "${owner.user ?? 'owner'}" of DATABASE_URL may not set the password of "${API_ROLE}", ` +
        'which is not the one derived from the secret.') +
    ' As one that may, run:\n\n' +
    `  ${statement} login nosuperuser nobypassrls nocreaterole nocreatedb password '<a password>';\n` +
    `  grant connect on database "${owner.database ?? ''}" to ${API_ROLE};\n\n` +
    `and set API_DATABASE_URL=postgres://${API_ROLE}:<that password>@${address}`
  );
}
