import { randomBytes } from 'node:crypto';
import { betterAuth } from 'better-auth';
import type { Pool } from 'pg';
import { answerAuthRequest } from '../../frontend/src/server/auth/answer.ts';
import { clientAddressHeader } from '../../frontend/src/server/auth/client-address.ts';
import { createAuthOptions } from '../../frontend/src/server/auth/options.ts';
import { createPool } from '../../frontend/src/server/auth/pool.ts';
import { parseEnv, type Env } from '../../frontend/src/server/env.ts';
import type { Mail } from '../../frontend/src/server/mail/mailer.ts';
import { TEST_BASE_URL, TEST_SECRET } from '../better-auth.ts';
import { createTestDatabase } from '../database.ts';

/** An answer, its JSON read. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // What it holds is what a test asserts.
  body: Record<string, unknown> | null;
}

/** A person with an account of their own address. */
export interface Person {
  email: string;
  password: string;
  token: string;
  id: string;
}

export interface AskOptions {
  body?: unknown;
  raw?: string | Uint8Array<ArrayBuffer>;
  method?: string;
  token?: string | undefined;
  headers?: Record<string, string>;
  /** Whose limit of attempts counts. */
  address?: string;
}

/** The web application's Better Auth, as it answers `/api/auth/*`, on a database of its own. */
export interface WebAuth {
  pool: Pool;
  /** Every mail that was sent, in order. */
  mails: Mail[];
  ask(path: string, options?: AskOptions): Promise<Answer>;
  signUp(name?: string): Promise<Person>;
  /** Makes the sessions of a person older than they are. */
  age(person: Person, hours: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts it. `env` overrides what the environment says; limits count only with `production: true`. */
export async function startWebAuth(env: Partial<Env> = {}): Promise<WebAuth> {
  const database = await createTestDatabase('app');
  const settings = { ...parseEnv({ DATABASE_URL: database.ownerUrl, BETTER_AUTH_SECRET: TEST_SECRET }), ...env };
  const pool = createPool(settings.databaseUrl);
  const mails: Mail[] = [];
  const auth = betterAuth(createAuthOptions({ env: settings, pool, mail: async (mail) => void mails.push(mail) }));

  async function ask(
    path: string,
    { body, raw, method, token, headers = {}, address = '198.51.100.7' }: AskOptions = {},
  ): Promise<Answer> {
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const request = new Request(`${TEST_BASE_URL}/api/auth${path}`, {
      method: method ?? (content === undefined ? 'GET' : 'POST'),
      headers: {
        origin: TEST_BASE_URL,
        [clientAddressHeader()]: address,
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(content === undefined ? {} : { body: content }),
    });
    const response = await answerAuthRequest(auth, settings, request);
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: json && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : null,
    };
  }

  return {
    pool,
    mails,
    ask,
    async signUp(name = 'Ada') {
      const person = {
        email: `${randomBytes(6).toString('hex')}@example.com`,
        password: randomBytes(9).toString('base64url'),
      };
      const { body, status, text } = await ask('/sign-up/email', {
        body: { name, ...person },
        address: `2001:db8:${randomBytes(2).toString('hex')}::1`,
      });
      if (status !== 200) throw new Error(`sign-up answered ${status}: ${text}`);
      return { ...person, token: String(body?.['token']), id: (body as unknown as { user: { id: string } }).user.id };
    },
    async age({ id }, hours) {
      await pool.query(`update session set "createdAt" = now() - make_interval(hours => $2) where "userId" = $1`, [
        id,
        hours,
      ]);
    },
    async close() {
      await pool.end();
      await database.drop();
    },
  };
}

/** Mails go out in the background. */
export async function mailTo(auth: WebAuth, to: string, subject: string): Promise<Mail> {
  for (const until = Date.now() + 10_000; Date.now() < until;) {
    const found = auth.mails.findLast((mail) => mail.to === to && mail.subject === subject);
    if (found) return found;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error(`No mail "${subject}" came within 10 s.`);
}
