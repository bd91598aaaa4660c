import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../scripts/env.ts';
import { freePort } from '../scripts/ports.ts';
import type { EmbeddedPostgres } from '../scripts/postgres/embedded.ts';
import { removeAfterUs } from '../scripts/reaper.ts';
import { startStack } from '../scripts/stack.ts';
import { printedSteps } from '../scripts/steps.ts';
import { Supervisor } from '../scripts/supervisor.ts';
import { startOidcProvider } from './support/oidc.ts';

/** Variables of the caller's environment that would make the tests use real services. */
const NOT_INHERITED = new RegExp(
  '^(DATABASE_|API_DATABASE_|BETTER_AUTH_|NEXT_PUBLIC_|GITHUB_CLIENT|GOOGLE_CLIENT|OIDC_|SMTP_|REDIS_|' +
    'DATA_DIR|CORS_|HOST$)',
);

/**
 * Starts what `npm start` starts, on free ports and an empty database in a temporary directory.
 * With E2E_WEB_URL and E2E_API_URL set, the tests run against that stack instead.
 *
 * Better Auth's limit on sign-ups stays as it is. The loopback address is declared a trusted proxy, so that each test
 * can be a client with an address of its own.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['E2E_WEB_URL'] && process.env['E2E_API_URL']) return undefined;
  const dataDir = mkdtempSync(join(tmpdir(), 'session-guard-e2e-'));
  removeAfterUs(dataDir);
  const person = {
    sub: randomBytes(8).toString('hex'),
    name: 'Katherine Johnson',
    email: `katherine.${randomBytes(5).toString('hex')}@example.com`,
    email_verified: true,
  };
  const oidc = await startOidcProvider(person);
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !NOT_INHERITED.test(key))),
    WEB_PORT: String(await freePort()),
    API_PORT: String(await freePort()),
    METRICS_PORT: 'off',
    DATA_DIR: dataDir,
    TRUSTED_PROXIES: '127.0.0.1',
    ...oidc.env,
    LOG_LEVEL: 'warn',
  } as NodeJS.ProcessEnv;
  const supervisor = new Supervisor();
  let postgres: EmbeddedPostgres | undefined;
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    await supervisor.stop();
    await oidc.stop();
    await postgres?.stop();
  };
  try {
    const stack = await startStack({
      settings: readSettings(env),
      env,
      steps: printedSteps(),
      supervisor,
      durable: false,
      onPostgres: (server) => (postgres = server),
    });
    stack.failed.catch((error: unknown) => {
      if (!stopping) console.error(error instanceof Error ? error.message : error);
    });
    Object.assign(process.env, {
      E2E_WEB_URL: stack.webUrl,
      E2E_API_URL: stack.apiUrl,
      E2E_DATABASE_URL: stack.databaseUrl,
      E2E_DATA_DIR: dataDir,
      E2E_OIDC_EMAIL: person.email,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
