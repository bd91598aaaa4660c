import { createHmac } from 'node:crypto';
import pg from 'pg';
import { TEST_SECRET } from './better-auth.ts';

/** The API's role. Roles belong to the cluster: every test database shares it. */
export const TEST_API_ROLE = 'session_guard_api';

/** Address of the run's server, as its superuser. */
export function serverUrl(): string {
  const url = process.env['TEST_POSTGRES_URL'];
  if (!url) {
    throw new Error(
      'No test server: name the file *.test.ts so that jest starts PostgreSQL for it (*.spec.ts are unit tests).',
    );
  }
  return url;
}

/** Runs statements on the server's maintenance database, as superuser. */
export async function admin<T>(server: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl(server, 'postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The same server, another database. */
export function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Written out here rather than imported from the API, so that a library's tests need no application. */
export function testApiPassword(secret: string = TEST_SECRET): string {
  return createHmac('sha256', secret).update('session-guard/api-role').digest('base64url');
}

/** The same database as the API's restricted role. */
export function apiUrl(ownerUrl: string): string {
  const url = new URL(ownerUrl);
  url.username = TEST_API_ROLE;
  url.password = testApiPassword();
  return url.href;
}
