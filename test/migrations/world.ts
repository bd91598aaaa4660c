import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { toNodeHandler } from 'better-auth/node';
import pg from 'pg';
import { TEST_SECRET } from '../better-auth.ts';
import { createTestDatabase } from '../database.ts';
import { admin, serverUrl } from '../server.ts';

/** What the tests need to know of an application; its own types are its own. */
interface AppFile {
  readonly createApp: () => Promise<INestApplication>;
}
interface MigrateFile {
  readonly migrate: (ownerUrl: string) => Promise<void>;
}
/** A Better Auth that can serve its routes. */
export type Auth = Parameters<typeof toNodeHandler>[0];

/** The environment an application of a guide reads, each when its files are first imported. */
export function setEnv(databaseUrl: string, betterAuthUrl: string): void {
  Object.assign(process.env, {
    DATABASE_URL: databaseUrl,
    BETTER_AUTH_URL: betterAuthUrl,
    BETTER_AUTH_SECRET: TEST_SECRET,
  });
}

/** Better Auth, wherever the application keeps it. */
export async function authOf(directory: string, path: string): Promise<Auth> {
  return ((await import(join(directory, path))) as { auth: Auth }).auth;
}

export async function migrate(directory: string, ownerUrl: string): Promise<void> {
  const file = (await import(join(directory, 'src/database/migrate.ts'))) as MigrateFile;
  await file.migrate(ownerUrl);
}

export interface RunningApp {
  readonly url: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

/** Starts the application of a directory, with the environment as it is. */
export async function start(directory: string): Promise<RunningApp> {
  const { createApp } = (await import(join(directory, 'src/app.ts'))) as AppFile;
  const app = await createApp();
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return { url, get: (path, headers = {}) => fetch(url + path, { headers }), close: () => app.close() };
}

/** A server whose Better Auth can be exchanged, as a deployment does. */
export interface AuthServer {
  readonly url: string;
  serve(auth: Auth): void;
  close(): Promise<void>;
}

export async function startAuthServer(): Promise<AuthServer> {
  let handle: ReturnType<typeof toNodeHandler> | undefined;
  const server: Server = createServer((request, response) => void handle?.(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (auth) => {
      handle = toNodeHandler(auth);
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export interface TestWorld {
  readonly ownerUrl: string;
  readonly apiUrl: string;
  readonly owner: pg.Pool;
  /** Cuts every connection to the database and lets no new one in. */
  takeAway(): Promise<void>;
  close(): Promise<void>;
}

/** A database with Better Auth's tables and nothing else. */
export async function createWorld(): Promise<TestWorld> {
  const database = await createTestDatabase('better-auth');
  const { name, ownerUrl, apiUrl } = database;
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 2 });
  owner.on('error', () => undefined);
  return {
    ownerUrl,
    apiUrl,
    owner,
    takeAway: () =>
      admin(serverUrl(), async (client) => {
        await client.query(`alter database ${name} with allow_connections false`);
        await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
      }),
    close: async () => {
      await owner.end();
      await database.drop();
    },
  };
}

export interface Person {
  readonly id: string;
  readonly email: string;
  /** `name=value` of Better Auth's session cookie. */
  readonly cookie: string;
  readonly token: string;
}

let people = 0;

/**
 * Signs a new person up over HTTP, at whoever serves Better Auth's routes.
 *
 * @param origin Better Auth's own `baseURL`, which its checks expect
 */
export async function signUp(server: string, origin: string): Promise<Person> {
  people += 1;
  const email = `person${people}@example.com`;
  const response = await fetch(`${server}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ name: `Person ${people}`, email, password: 'correct horse battery' }),
  });
  if (!response.ok) throw new Error(`sign-up: ${response.status} ${await response.text()}`);
  const { token, user } = (await response.json()) as { token: string; user: { id: string } };
  const cookie =
    response.headers
      .getSetCookie()
      .find((value) => value.includes('session_token='))
      ?.split(';')[0] ?? '';
  return { id: user.id, email, cookie, token };
}

export async function signOut(server: string, origin: string, { cookie }: Person): Promise<void> {
  const response = await fetch(`${server}/api/auth/sign-out`, {
    method: 'POST',
    headers: { cookie, origin, 'content-type': 'application/json' },
    body: '{}',
  });
  if (!response.ok) throw new Error(`sign-out: ${response.status}`);
}

/** A JWT of Better Auth's jwt plugin. */
export async function jwtOf(server: string, { cookie }: Person): Promise<string> {
  const response = await fetch(`${server}/api/auth/token`, { headers: { cookie } });
  return ((await response.json()) as { token: string }).token;
}

/** Asks again until refused, at most for the bound within which a revocation is seen everywhere: one second. */
export async function refused(ask: () => Promise<Response>): Promise<void> {
  const revoked = performance.now();
  for (;;) {
    const askedAfter = performance.now() - revoked;
    const { status } = await ask();
    if (status === 401) return;
    if (status !== 200 || askedAfter > 1_000)
      throw new Error(`answered ${status} to a request made ${askedAfter.toFixed(0)} ms after the revocation`);
  }
}
