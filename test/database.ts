import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { admin, apiUrl, databaseUrl, serverUrl } from './server.ts';
import { ensureTemplate, type Template } from './templates.ts';

/** A database of its own for a suite, on the run's server. */
export interface TestDatabase {
  name: string;
  /** As the cluster's superuser, who owns it. */
  ownerUrl: string;
  /** As the API's restricted role, `session_guard_api`. */
  apiUrl: string;
  /** Cuts every connection and removes the database. */
  drop(): Promise<void>;
}

/**
 * A fresh database, cloned from a template that is made once a run (about 50 ms).
 *
 * - `better-auth`: Better Auth's tables (core, admin, organization, jwt, twoFactor), and the API's role without any
 * rights.
 * - `app`: what `npm start` migrates.
 *
 * @throws Error outside jest's `http` project (`*.test.ts`), where no server was started.
 * @example
 * const database = await createTestDatabase('app');
 * afterAll(() => database.drop());
 */
export async function createTestDatabase(template: Template): Promise<TestDatabase> {
  const server = serverUrl();
  const source = await ensureTemplate(server, template);
  const name = `test_${randomBytes(6).toString('hex')}`;
  await admin(server, (client) => clone(client, name, source));
  const ownerUrl = databaseUrl(server, name);
  return { name, ownerUrl, apiUrl: apiUrl(ownerUrl), drop: () => admin(server, (client) => remove(client, name)) };
}

async function clone(client: pg.Client, name: string, source: string): Promise<void> {
  // 55006: somebody is still connected to the template, the moment after it was made.
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(`create database ${name} template ${source}`);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== '55006' || attempt === 20) throw error;
      await client.query('select pg_sleep(0.1)');
    }
  }
}

async function remove(client: pg.Client, name: string): Promise<void> {
  await client.query(`drop database if exists ${name} with (force)`);
}
