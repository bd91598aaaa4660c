import { betterAuth } from 'better-auth';
import { admin, bearer, jwt } from 'better-auth/plugins';
import pg from 'pg';
import type { Setting } from './setting.ts';

/** Better Auth with the plugins of the product's web application that concern a session. */
export function createAuth(
  { databaseUrl, secret, origin }: Pick<Setting, 'databaseUrl' | 'secret' | 'origin'>,
  { cookieCache = false } = {},
) {
  return betterAuth({
    baseURL: origin,
    secret,
    database: new pg.Pool({ connectionString: databaseUrl, max: 10 }),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    session: {
      // Longer than the benchmark, so that no request of it pays for a refresh.
      updateAge: 7 * 86_400,
      ...(cookieCache ? { cookieCache: { enabled: true, maxAge: 3_600 } } : {}),
    },
    plugins: [bearer(), jwt({ disableSettingJwtHeader: true }), admin()],
  });
}

export type Auth = ReturnType<typeof createAuth>;
