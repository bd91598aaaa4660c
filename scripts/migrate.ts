import { createHash } from 'node:crypto';
import pg from 'pg';
import { builtProgram, type ApiProgram } from './api-program.ts';
import { stampOf } from './build-stamp.ts';
import type { Steps } from './steps.ts';
import type { Supervisor } from './supervisor.ts';

/** What decides the schema, besides the secret, from which the API role's password is derived. */
const SOURCES = [
  'package-lock.json',
  'frontend/scripts/migrate.ts',
  'frontend/src/server',
  'backend/src/database',
  'backend/src/operator',
  'libs/core/src',
  'libs/session-auth/src',
  'libs/user-isolation/src',
];

/**
 * Brings the database up to date: first Better Auth's tables, by the web application's options, then the API's role,
 * policies and tables, which refer to them. Each by the program a deployment runs. A second run changes nothing.
 * @param env holds `DATABASE_URL` (owner) and the secret
 * @param program how the API's migration is run
 */
export async function migrate(
  supervisor: Supervisor,
  steps: Steps,
  env: NodeJS.ProcessEnv,
  program: ApiProgram = builtProgram,
): Promise<void> {
  await steps.run("Migrate Better Auth's tables", () =>
    supervisor.runNode("The migration of Better Auth's tables", ['--import', 'tsx', 'frontend/scripts/migrate.ts'], {
      env,
    }),
  );
  await steps.run("Migrate the API's tables", () =>
    supervisor.runNode("The migration of the API's tables", program('database/migrate'), { env }),
  );
}

/**
 * The same for a database that nobody else migrates. Nothing is done when nothing changed, which saves some seconds:
 * what was done is noted in the database itself, as its comment.
 * @param env holds `DATABASE_URL`, of a superuser
 */
export async function migrateIfChanged(
  supervisor: Supervisor,
  steps: Steps,
  env: NodeJS.ProcessEnv,
  program: ApiProgram,
): Promise<void> {
  const secrets = `${env['BETTER_AUTH_SECRETS'] ?? ''}\0${env['BETTER_AUTH_SECRET'] ?? ''}`;
  const stamp = `migrated by ${createHash('sha256').update(stampOf(SOURCES)).update(secrets).digest('hex')}`;
  const client = new pg.Client({ connectionString: env['DATABASE_URL'] });
  await client.connect();
  try {
    const { rows } = await client.query<{ stamp: string | null; name: string }>(
      `select shobj_description(oid, 'pg_database') as stamp, quote_ident(datname) as name
         from pg_database where datname = current_database()`,
    );
    const [database] = rows;
    if (database === undefined || database.stamp === stamp) return;
    await migrate(supervisor, steps, env, program);
    await client.query(`comment on database ${database.name} is '${stamp}'`);
  } finally {
    await client.end();
  }
}
