import type { BetterAuthOptions } from 'better-auth';
import { createAuthMiddleware, getEndpoints, isAPIError } from 'better-auth/api';
import { admin, bearer, genericOAuth, jwt, openAPI, twoFactor } from 'better-auth/plugins';
import type { Pool } from 'pg';
import type { Env } from '../env.ts';
import type { Mailer } from '../mail/mailer.ts';
import { clientAddressHeader } from './client-address.ts';
import { noteFailure } from './failures.ts';
import { createMails } from './mails.ts';
import { createRateLimits } from './rate-limit.ts';
import { sessionIds } from './session-ids.ts';
import { SESSION_SECONDS } from './session-lifetime.ts';
import { FRESH_SECONDS, GUESSING_PATHS, stepUp } from './step-up.ts';
import { storedTexts } from './stored-texts.ts';
import { checkTexts } from './text-limits.ts';

/** How exactly the last use of a session is noted, in seconds: what the page of devices shows. */
export const LAST_USE_SECONDS = 10 * 60;

/** Lifetime of an impersonated session in seconds. The API enforces the same hour. */
export const IMPERSONATION_SECONDS = 60 * 60;

/** What Better Auth needs from outside. */
export interface AuthDependencies {
  env: Env;
  pool: Pool;
  mail: Mailer;
}

/**
 * The options of Better Auth, shared by the running application and by the migration of its tables.
 *
 * Kept free of anything of Next's, so that a plain Node script can use it; `nextCookies` is added by the application.
 */
export function createAuthOptions({ env, pool, mail }: AuthDependencies) {
  const limits = createRateLimits(pool, () => routePaths(options));
  const mails = createMails(mail, limits, env.webUrl);
  const options = {
    appName: 'Session Guard',
    baseURL: env.webUrl,
    ...(env.secret ? { secret: env.secret } : {}),
    ...(env.secrets ? { secrets: env.secrets } : {}),
    trustedOrigins: [env.webUrl],
    database: pool,
    telemetry: { enabled: false },
    // A provider's own tokens are of no use here once somebody is signed in, and are nobody's to read.
    disabledPaths: ['/get-access-token', '/refresh-token'],
    session: { expiresIn: SESSION_SECONDS, updateAge: LAST_USE_SECONDS, freshAge: FRESH_SECONDS },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 8,
      maxPasswordLength: 128,
      revokeSessionsOnPasswordReset: true,
      requireEmailVerification: env.requireEmailVerification,
      sendResetPassword: ({ user, url }) => mails.resetPassword(user.email, url),
      // With verification required, a known and an unknown address get the same answer; its owner is told by mail.
      onExistingUserSignUp: ({ user }) => mails.accountExists(user.email),
      // What a new account has of the plugins. The answer for a known address is made up, and must not be told from it.
      customSyntheticUser: ({ coreFields, additionalFields, id }) => ({
        ...coreFields,
        role: 'user',
        banned: false,
        banReason: null,
        banExpires: null,
        twoFactorEnabled: false,
        ...additionalFields,
        id,
      }),
    },
    emailVerification: {
      sendOnSignUp: true,
      sendOnSignIn: env.requireEmailVerification,
      autoSignInAfterVerification: false,
      sendVerificationEmail: ({ user, url }) => mails.confirmAddress(user.email, url),
    },
    user: {
      changeEmail: {
        enabled: true,
        // An address nobody has confirmed proves nothing, so it may be replaced at once; a confirmed one has to agree.
        updateEmailWithoutVerification: !env.requireEmailVerification,
        sendChangeEmailConfirmation: ({ user, newEmail, url }) => mails.approveAddress(user.email, newEmail, url),
      },
      deleteUser: { enabled: true },
    },
    socialProviders: {
      ...(env.github ? { github: env.github } : {}),
      ...(env.google ? { google: env.google } : {}),
    },
    onAPIError: {
      onError: (error) => {
        if (!isAPIError(error) || error.statusCode >= 500) noteFailure(error);
      },
    },
    hooks: {
      // Before anything else is decided: what is refused here must not depend on whose address it is.
      before: createAuthMiddleware((ctx) => {
        for (const part of [ctx.body, ctx.query, ctx.params] as unknown[]) checkTexts(part);
        return Promise.resolve();
      }),
    },
    databaseHooks: {
      ...storedTexts,
      session: {
        create: storedTexts.session.create,
        update: {
          // A refresh would turn the hour of an impersonation into a week.
          before: (data, context) => {
            const current = context?.context.session?.session as
              { impersonatedBy?: string | null; createdAt: Date } | undefined;
            if (!current?.impersonatedBy || !data.expiresAt) return storedTexts.session.update.before(data);
            const limit = new Date(new Date(current.createdAt).getTime() + IMPERSONATION_SECONDS * 1000);
            return Promise.resolve({ data: { ...data, expiresAt: data.expiresAt < limit ? data.expiresAt : limit } });
          },
        },
      },
    },
    rateLimit: {
      enabled: env.production,
      // Makes the table; `customStorage` counts in it.
      storage: 'database',
      customStorage: limits,
      window: 10,
      max: 100,
      customRules: Object.fromEntries(GUESSING_PATHS.map((path) => [path, { window: 10, max: 3 }])),
    },
    advanced: {
      useSecureCookies: env.webUrl.startsWith('https://'),
      ipAddress: { ipAddressHeaders: [clientAddressHeader()] },
      // A mail takes as long as its server; waiting for it would say which addresses are known.
      backgroundTasks: { handler: (task) => void task },
    },
    plugins: [
      bearer(),
      jwt({
        disableSettingJwtHeader: true,
        jwt: { expirationTime: '5m', definePayload: ({ session }) => ({ sid: session.id }) },
      }),
      admin({ impersonationSessionDuration: IMPERSONATION_SECONDS }),
      twoFactor({ issuer: 'Session Guard' }),
      stepUp((user, code) => mails.stepUpCode(user.email, code)),
      sessionIds(),
      // The document alone, for tools. Its page loads a script from another host, which would run beside the cookie.
      openAPI({ disableDefaultReference: true }),
      genericOAuth({
        config: env.oidc
          ? [
              {
                providerId: 'oidc',
                name: 'Single sign-on',
                discoveryUrl: `${env.oidc.issuer}/.well-known/openid-configuration`,
                clientId: env.oidc.clientId,
                clientSecret: env.oidc.clientSecret,
                scopes: ['openid', 'profile', 'email'],
                pkce: true,
                requireIdTokenVerification: true,
                disableProviderLogout: true,
              },
            ]
          : [],
      }),
    ],
  } satisfies BetterAuthOptions;
  return options;
}

/** The paths of every route there is with these options. */
function routePaths(options: BetterAuthOptions): string[] {
  const { api } = getEndpoints(Promise.resolve({} as never), options);
  return Object.values(api).flatMap(({ path }: { path?: string }) => path ?? []);
}
