import 'server-only';
import { betterAuth } from 'better-auth';
import { nextCookies } from 'better-auth/next-js';
import { env } from '../env.ts';
import { createMailer } from '../mail/mailer.ts';
import { createAuthOptions } from './options.ts';
import { createPool } from './pool.ts';

function createAuth() {
  const settings = env();
  const options = createAuthOptions({
    env: settings,
    pool: createPool(settings.databaseUrl),
    mail: createMailer({ ...settings.mail, dataDir: settings.dataDir }),
  });
  // nextCookies must come last: it carries the cookies that the plugins before it have set.
  return betterAuth({ ...options, plugins: [...options.plugins, nextCookies()] });
}

/** Better Auth as this application runs it. */
export type Auth = ReturnType<typeof createAuth>;

const KEY = Symbol.for('session-guard.auth');

/** The one instance of this process, made at its first use so that building needs no environment. */
export function auth(): Auth {
  // Next loads a module once per bundle; one pool per process is what the connection limit assumes.
  const shared = globalThis as { [KEY]?: Auth };
  return (shared[KEY] ??= createAuth());
}
