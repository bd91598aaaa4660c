/**
 * Brings Better Auth's own tables up to date, with the options the web application really runs.
 *
 *   DATABASE_URL=postgres://… node --import tsx frontend/scripts/migrate.ts
 */
import { pathToFileURL } from 'node:url';
import { getMigrations } from 'better-auth/db/migration';
import { createAuthOptions } from '../src/server/auth/options.ts';
import { createPool } from '../src/server/auth/pool.ts';
import { parseEnv } from '../src/server/env.ts';

/** What a migration did: the tables and columns it made. */
export interface MigrationReport {
  created: string[];
  extended: string[];
}

/**
 * Creates or extends Better Auth's tables; a second run does nothing.
 * @param variables an environment with at least `DATABASE_URL` and a secret
 * @throws {EnvError} when the environment can't be used; the driver's error when the database can't be reached
 */
export async function migrate(variables: Record<string, string | undefined>): Promise<MigrationReport> {
  const env = parseEnv(variables);
  const pool = createPool(env.databaseUrl);
  try {
    // Without the provider, whose discovery document would be fetched: it has no table.
    const options = createAuthOptions({ env: { ...env, oidc: undefined }, pool, mail: async () => undefined });
    const { toBeCreated, toBeAdded, runMigrations } = await getMigrations(options);
    await runMigrations();
    return { created: toBeCreated.map(({ table }) => table), extended: toBeAdded.map(({ table }) => table) };
  } finally {
    await pool.end();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  migrate(process.env).then(
    ({ created, extended }) => {
      const changes = [...created.map((table) => `+ ${table}`), ...extended.map((table) => `~ ${table}`)];
      console.log(
        changes.length > 0 ? `Better Auth's tables: ${changes.join(', ')}` : "Better Auth's tables are up to date",
      );
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
