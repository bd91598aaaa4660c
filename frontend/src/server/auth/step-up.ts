import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { BetterAuthPlugin, GenericEndpointContext } from 'better-auth';
import { APIError, createAuthEndpoint, createAuthMiddleware, sensitiveSessionMiddleware } from 'better-auth/api';
import { sessionOf, type UserRow } from './session-of.ts';

/** Seconds since signing in for which a session may do what only its owner should. */
export const FRESH_SECONDS = 24 * 60 * 60;
/** Milliseconds a code that was mailed may be used. */
const CODE_MS = 10 * 60 * 1_000;

/**
 * What takes an account over or ends it: a fresh session, and the password in `password`. An account without one sends
 * `code` instead, which `/step-up/send-code` mails.
 */
const WITH_PASSWORD = new Set([
  '/change-email',
  '/delete-user',
  '/link-social',
  '/unlink-account',
  '/admin/remove-user',
  '/admin/set-user-password',
  '/admin/update-user',
]);

/** A fresh session. Those on the person's own account ask for the password themselves. */
const FRESH = new Set([
  '/change-password',
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/generate-backup-codes',
  '/two-factor/get-totp-uri',
  '/admin/create-user',
  '/admin/impersonate-user',
  '/admin/set-role',
]);

/** Paths by which a password could be guessed with somebody's session, for the limit of attempts. */
export const GUESSING_PATHS = [...WITH_PASSWORD, '/change-password', '/verify-password'];

const digest = (code: string): Buffer => createHash('sha256').update(code).digest();
const identifier = (userId: string): string => `step-up-${userId}`;

/** Sends the code to a person's address. */
export type SendCode = (user: UserRow, code: string) => Promise<void>;

/** Asks again who it is, before an account changes hands: a stolen session token alone must not be enough. */
export function stepUp(sendCode: SendCode) {
  const required = createAuthMiddleware(async (ctx) => {
    const path = ctx.path ?? '';
    const current = await sessionOf(ctx);
    // Without a session the route itself answers 401.
    if (!current) return;
    if (current.session.impersonatedBy) {
      throw new APIError('FORBIDDEN', {
        code: 'NOT_WHILE_IMPERSONATING',
        message: 'Only the person whose account it is may do this.',
      });
    }
    const age = Date.now() - new Date(current.session.createdAt).getTime();
    if (!(age < FRESH_SECONDS * 1_000)) {
      throw new APIError('FORBIDDEN', {
        code: 'SESSION_NOT_FRESH',
        message: 'Sign in again, then repeat this: the session is older than a day.',
      });
    }
    if (WITH_PASSWORD.has(path)) await prove(ctx, current.user);
  });

  return {
    id: 'step-up',
    hooks: {
      before: [
        {
          matcher: ({ path }) => path !== undefined && (WITH_PASSWORD.has(path) || FRESH.has(path)),
          handler: required,
        },
      ],
    },
    endpoints: {
      sendStepUpCode: createAuthEndpoint(
        '/step-up/send-code',
        { method: 'POST', use: [sensitiveSessionMiddleware] },
        async (ctx) => {
          const { user, session } = ctx.context.session;
          if ((session as { impersonatedBy?: string | null }).impersonatedBy)
            throw new APIError('FORBIDDEN', {
              code: 'NOT_WHILE_IMPERSONATING',
              message: 'Only the person whose account it is may do this.',
            });
          if (await passwordOf(ctx, user.id))
            throw new APIError('BAD_REQUEST', {
              code: 'PASSWORD_REQUIRED',
              message: 'This account has a password: send it as `password`.',
            });
          const code = String(randomInt(100_000_000)).padStart(8, '0');
          await ctx.context.internalAdapter.deleteVerificationByIdentifier(identifier(user.id));
          await ctx.context.internalAdapter.createVerificationValue({
            identifier: identifier(user.id),
            value: digest(code).toString('hex'),
            expiresAt: new Date(Date.now() + CODE_MS),
          });
          await ctx.context.runInBackgroundOrAwait(sendCode(user, code));
          return ctx.json({ status: true });
        },
      ),
    },
    rateLimit: [{ pathMatcher: (path) => path === '/step-up/send-code', window: 60, max: 3 }],
  } satisfies BetterAuthPlugin;
}

async function passwordOf(ctx: GenericEndpointContext, userId: string): Promise<string | undefined> {
  return (await ctx.context.internalAdapter.findCredentialAccount(userId))?.password ?? undefined;
}

/** @throws {APIError} unless the body proves that its sender is this user */
async function prove(ctx: GenericEndpointContext, user: UserRow): Promise<void> {
  const { password, code } = (ctx.body ?? {}) as { password?: unknown; code?: unknown };
  const hash = await passwordOf(ctx, user.id);
  if (hash !== undefined) {
    if (typeof password !== 'string' || password === '')
      throw new APIError('FORBIDDEN', {
        code: 'PASSWORD_REQUIRED',
        message: 'Send your password along as `password`.',
      });
    const limit = ctx.context.password.config.maxPasswordLength;
    if (password.length > limit || !(await ctx.context.password.verify({ hash, password }))) {
      throw new APIError('BAD_REQUEST', { code: 'INVALID_PASSWORD', message: 'Invalid password' });
    }
    return;
  }
  if (typeof code !== 'string' || code === '')
    throw new APIError('FORBIDDEN', {
      code: 'CODE_REQUIRED',
      message: 'Ask for a code at /step-up/send-code and send it along as `code`.',
    });
  // Used up by the first try, right or wrong: nobody guesses one in a hundred million.
  const kept = await ctx.context.internalAdapter.consumeVerificationValue(identifier(user.id));
  const expected = Buffer.from(kept?.value ?? '', 'hex');
  const given = digest(code.replace(/\s/g, ''));
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
    throw new APIError('BAD_REQUEST', {
      code: 'INVALID_STEP_UP_CODE',
      message: 'The code is wrong or too old. Ask for a new one.',
    });
  }
}
