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
  return {
    // nextCookies must come last: it carries the cookies that the plugins before it have set.
    pages: betterAuth({ ...options, plugins: [...options.plugins, nextCookies()] }),
    // Answers that say themselves which cookies to keep: what else is looked up on the way sets none.
    routes: betterAuth(options),
  };
}

type Instances = ReturnType<typeof createAuth>;

/** Better Auth as pages and server actions use it. */
export type Auth = Instances['pages'];

const KEY = Symbol.for('session-guard.auth');

/** The instances of this process, made at their first use so that building needs no environment. */
function instances(): Instances {
  // Next loads a module once per bundle; one pool per process is what the connection limit assumes.
  const shared = globalThis as { [KEY]?: Instances };
  return (shared[KEY] ??= createAuth());
}

/** Better Auth for pages and server actions. */
export const auth = (): Auth => instances().pages;

/** Better Auth for `/api/auth/*`. */
export const authRoutes = (): Instances['routes'] => instances().routes;
