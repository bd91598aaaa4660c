import { createServer } from 'node:http';
import { toNodeHandler } from 'better-auth/node';
import pg from 'pg';
import { renewCookies } from '../../../frontend/src/server/auth/secret-rotation.ts';
import { createAppBetterAuth } from '../../better-auth.ts';

/**
 * The real Better Auth over HTTP, as a process of its own: what the web application is to the API, without its pages.
 * Reads AUTH_PORT, AUTH_URL, DATABASE_URL, BETTER_AUTH_SECRET and BETTER_AUTH_SECRETS (`2:new,1:old`).
 */
const { AUTH_PORT, AUTH_URL = '', DATABASE_URL, BETTER_AUTH_SECRET, BETTER_AUTH_SECRETS } = process.env;

const pool = new pg.Pool({
  connectionString: DATABASE_URL,
  max: 5,
  connectionTimeoutMillis: 2000,
  query_timeout: 4000,
});
pool.on('error', () => undefined);

const secrets = BETTER_AUTH_SECRETS?.split(',').map((entry) => {
  const [version = '', value = ''] = entry.split(/:(.*)/s);
  return { version: Number(version), value };
});

const auth = createAppBetterAuth({
  pool,
  baseURL: AUTH_URL,
  ...(BETTER_AUTH_SECRET ? { secret: BETTER_AUTH_SECRET } : {}),
  ...(secrets ? { secrets } : {}),
});

const handle = toNodeHandler((request: Request) => {
  renewCookies(request.headers, { secrets, webUrl: AUTH_URL });
  return auth.handler(request);
});
createServer((request, response) => void handle(request, response)).listen(Number(AUTH_PORT), '127.0.0.1');
