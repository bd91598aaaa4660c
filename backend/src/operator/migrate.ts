import { grantVerification, installRevocation } from '@session-guard/auth';
import pg from 'pg';
import { readFiles } from '../env.files.ts';
import { parseEnv, type Environment } from '../env.ts';
import { API_ROLE } from '../database/api-role.ts';
import { ownerDataSource } from './owner.data-source.ts';
import { lockMigrations } from './migration.lock.ts';
import { ownerUrl } from './owner-url.ts';
import { restrictApiRole } from './restrictions.ts';
import { ensureApiRole, RoleError } from './role.ts';

/** What {@link migrate} needs. */
export interface MigrateOptions {
  /** Connection string of the owner of Better Auth's tables. */
  readonly databaseUrl: string;
  /** The first of Better Auth's secrets; the API role's password is derived from it. */
  readonly secret: string;
  /** A connection string of an existing role, where the owner may not create one. */
  readonly apiDatabaseUrl?: string | undefined;
  /** Told each step in a line. @default silence */
  readonly log?: (line: string) => void;
}

/** Better Auth's tables aren't there yet. */
export class AuthTablesMissingError extends Error {
  override readonly name = 'AuthTablesMissingError';
}

const AUTH_TABLES = ['user', 'session', 'account', 'verification'];

/**
 * Brings the API's part of the database up to date, as its owner: the restricted role, the migrations, the grants.
 * Running it again changes nothing; two at once on one database wait for each other.
 *
 * @returns the names of the migrations that were run
 * @throws {AuthTablesMissingError} before Better Auth's own migrations
 * @throws {RoleError} when there is no role for the API and the owner may not create one
 * @throws {MigrationLockError} when somebody who runs no migration holds their lock
 */
export async function migrate({
  databaseUrl,
  secret,
  apiDatabaseUrl,
  log = () => undefined,
}: MigrateOptions): Promise<string[]> {
  const owner = new pg.Client({ connectionString: databaseUrl, application_name: 'session-guard-migrate' });
  await owner.connect();
  try {
    await lockMigrations(owner);
    await requireAuthTables(owner);
    const role = apiDatabaseUrl === undefined ? API_ROLE : roleOf(apiDatabaseUrl);
    if (apiDatabaseUrl === undefined) await ensureApiRole(owner, databaseUrl, secret);
    else await requireRole(owner, role);
    log(`role ${role} is ready`);
    const run = await runMigrations(databaseUrl, role);
    await restrictApiRole(owner, role, log);
    log(run.length === 0 ? 'no migration to run' : `ran ${run.join(', ')}`);
    return run;
  } finally {
    await owner.end();
  }
}

async function runMigrations(databaseUrl: string, role: string): Promise<string[]> {
  const dataSource = await ownerDataSource(databaseUrl, role).initialize();
  try {
    // One transaction each: what needs none, such as an index made beside the traffic, can say so.
    const run = await dataSource.runMigrations({ transaction: 'each' });
    const queryRunner = dataSource.createQueryRunner();
    try {
      // Again on each run, so that what a plugin added since is covered. Where nothing is new, neither takes a lock.
      await installRevocation(queryRunner);
      await grantVerification(queryRunner, { role });
    } finally {
      await queryRunner.release();
    }
    return run.map(({ name }) => name);
  } finally {
    await dataSource.destroy();
  }
}

async function requireAuthTables(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ name: string }>(
    'select name from unnest($1::text[]) as name where to_regclass(quote_ident(name)) is null',
    [AUTH_TABLES],
  );
  if (rows.length === 0) return;
  throw new AuthTablesMissingError(
    `Better Auth's tables are missing (${rows.map(({ name }) => `"${name}"`).join(', ')}). Its migrations run first: ` +
      'DATABASE_URL=… node --import tsx frontend/scripts/migrate.ts. If it keeps sessions in a secondary storage, ' +
      'set session.storeSessionInDatabase: the API verifies sessions in the database.',
  );
}

async function requireRole(owner: pg.Client, role: string): Promise<void> {
  const { rowCount } = await owner.query('select from pg_roles where rolname = $1', [role]);
  if (rowCount === 0)
    throw new RoleError(
      `The role "${role}" of API_DATABASE_URL does not exist in this cluster: create it, or correct the name.`,
    );
}

function roleOf(url: string): string {
  const role = decodeURIComponent(new URL(url).username);
  if (!/^[A-Za-z_][\w$]*$/.test(role))
    throw new RoleError('API_DATABASE_URL must name a role made of letters, digits and underscores.');
  return role;
}

/**
 * The options an environment gives.
 *
 * @throws {EnvError} naming each wrong or missing variable and its fix
 */
export function migrateOptions(given: Environment): MigrateOptions {
  const { secrets } = parseEnv(given);
  const { source } = readFiles(given, ['API_DATABASE_URL']);
  return {
    databaseUrl: ownerUrl(given),
    secret: secrets[0],
    apiDatabaseUrl: source['API_DATABASE_URL']?.trim() || undefined,
  };
}
