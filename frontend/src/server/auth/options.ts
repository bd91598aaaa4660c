import type { BetterAuthOptions } from 'better-auth';
import { admin, bearer, genericOAuth, jwt, openAPI, twoFactor } from 'better-auth/plugins';
import type { Pool } from 'pg';
import type { Env } from '../env.ts';
import type { Mailer } from '../mail/mailer.ts';
import { clientAddressHeader } from './client-address.ts';
import { SESSION_SECONDS } from './session-lifetime.ts';

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
  return {
    appName: 'Session Guard',
    baseURL: env.webUrl,
    ...(env.secret ? { secret: env.secret } : {}),
    ...(env.secrets ? { secrets: env.secrets } : {}),
    trustedOrigins: [env.webUrl],
    database: pool,
    telemetry: { enabled: false },
    session: { expiresIn: SESSION_SECONDS, updateAge: LAST_USE_SECONDS },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 8,
      maxPasswordLength: 128,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: async ({ user, url }) =>
        mail({
          to: user.email,
          subject: 'Reset your password',
          lines: [`Hello ${user.name},`, 'Use this link within an hour to choose a new password. Every device will be signed out.'],
          link: { label: 'Choose a new password', url },
        }),
    },
    emailVerification: {
      sendOnSignUp: true,
      autoSignInAfterVerification: false,
      sendVerificationEmail: async ({ user, url }) =>
        mail({
          to: user.email,
          subject: 'Confirm your email address',
          lines: [`Hello ${user.name},`, 'Confirm that this address is yours. The link is good for an hour.'],
          link: { label: 'Confirm email address', url },
        }),
    },
    user: {
      changeEmail: {
        enabled: true,
        // An address nobody has confirmed proves nothing, so it may be replaced at once; a confirmed one has to agree.
        updateEmailWithoutVerification: true,
        sendChangeEmailConfirmation: async ({ user, newEmail, url }) =>
          mail({
            to: user.email,
            subject: 'Approve your new email address',
            lines: [`Hello ${user.name},`, `Someone signed in as you asked to change your address to ${newEmail}.`],
            link: { label: 'Approve the change', url },
          }),
      },
      deleteUser: { enabled: true },
    },
    socialProviders: {
      ...(env.github ? { github: env.github } : {}),
      ...(env.google ? { google: env.google } : {}),
    },
    databaseHooks: {
      session: {
        update: {
          // A refresh would turn the hour of an impersonation into a week.
          before: async (data, context) => {
            const current = context?.context.session?.session as { impersonatedBy?: string | null; createdAt: Date } | undefined;
            if (!current?.impersonatedBy || !data.expiresAt) return;
            const limit = new Date(new Date(current.createdAt).getTime() + IMPERSONATION_SECONDS * 1000);
            return { data: { ...data, expiresAt: data.expiresAt < limit ? data.expiresAt : limit } };
          },
        },
      },
    },
    rateLimit: { enabled: env.production, storage: 'database', window: 10, max: 100 },
    advanced: {
      useSecureCookies: env.webUrl.startsWith('https://'),
      ipAddress: { ipAddressHeaders: [clientAddressHeader()] },
    },
    plugins: [
      bearer(),
      jwt({
        disableSettingJwtHeader: true,
        jwt: { expirationTime: '5m', definePayload: ({ session }) => ({ sid: session.id }) },
      }),
      admin({ impersonationSessionDuration: IMPERSONATION_SECONDS }),
      twoFactor({ issuer: 'Session Guard' }),
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
}
