import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { getMigrations } from 'better-auth/db/migration';
import type pg from 'pg';
import { ROOT } from '../scripts/root.ts';
import { createBetterAuth, TEST_SECRET } from './better-auth.ts';
import { admin, databaseUrl, TEST_API_ROLE, testApiPassword } from './server.ts';

export type Template = 'better-auth' | 'app';

/** What a template is made from: when any of it changes, a server kept across runs makes the template anew. */
const SOURCES: Record<Template, string[]> = {
  'better-auth': ['test/better-auth.ts', 'test/templates.ts', 'package-lock.json'],
  app: [
    'test/templates.ts',
    'package-lock.json',
    'frontend/scripts/migrate.ts',
    'frontend/src/server/auth/options.ts',
    'backend/src/database',
    'backend/src/operator',
    'libs/core/src',
    'libs/session-auth/src',
    'libs/user-isolation/src',
  ],
};

const LOCK = 7_362_541;
const made = new Map<Template, Promise<string>>();

/** The name of a template database, made by the first suite of the run that asks for it. */
export function ensureTemplate(server: string, template: Template): Promise<string> {
  const known = made.get(template) ?? make(server, template);
  made.set(template, known);
  return known;
}

async function make(server: string, template: Template): Promise<string> {
  const prefix = `template_${template.replace('-', '_')}_`;
  const name = prefix + fingerprint(SOURCES[template]);
  await admin(server, async (client) => {
    // Workers of one run, and runs that share a server, wait here for the one that makes it.
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1 and datistemplate', [name]);
    if (rowCount) return;
    await client.query(`drop database if exists ${name} with (force)`);
    await client.query(`create database ${name}`);
    await ensureApiRole(client);
    await (template === 'app' ? migrateApp(databaseUrl(server, name)) : migrateBetterAuth(databaseUrl(server, name)));
    // Marked last: one that failed half-way is made anew. Nobody connects to it, so that it can always be cloned.
    await client.query(`alter database ${name} with is_template true allow_connections false`);
  });
  return name;
}

async function ensureApiRole(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [TEST_API_ROLE]);
  await client.query(`${rowCount ? 'alter' : 'create'} role ${TEST_API_ROLE} login password '${testApiPassword()}'`);
}

async function migrateBetterAuth(url: string): Promise<void> {
  const auth = createBetterAuth({ url });
  const { runMigrations } = await getMigrations(auth.options);
  await runMigrations();
  await auth.options.database.end();
}

/** The two steps of `npm start`, in its order. */
async function migrateApp(url: string): Promise<void> {
  const { migrate: migrateWeb } = await import('../frontend/scripts/migrate.ts');
  await migrateWeb({ DATABASE_URL: url, BETTER_AUTH_SECRET: TEST_SECRET });
  const { migrate: migrateApi } = await import('../backend/src/operator/migrate.ts');
  await migrateApi({ databaseUrl: url, secret: TEST_SECRET });
}

function fingerprint(paths: string[]): string {
  const hash = createHash('sha256');
  for (const path of paths.flatMap((entry) => filesBelow(join(ROOT, entry))))
    hash.update(path).update(readFileSync(path));
  return hash.digest('hex').slice(0, 12);
}

function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .toSorted()
    .flatMap((entry) => filesBelow(join(path, entry)));
}
