import type { BetterAuthPlugin, GenericEndpointContext } from 'better-auth';
import { createAuthMiddleware } from 'better-auth/api';
import { sessionOf } from './session-of.ts';

/** The routes that end one session, and how Better Auth calls its token there. */
const ROUTES: Record<string, { id: string; token: string }> = {
  '/revoke-session': { id: 'id', token: 'token' },
  '/admin/revoke-user-session': { id: 'sessionId', token: 'sessionToken' },
};

/**
 * Lets a session be ended by its id. Better Auth's routes want its token, and nobody is given the tokens of other
 * sessions. `{ "id": "…" }` at `/revoke-session`, `{ "sessionId": "…" }` at `/admin/revoke-user-session`. Better
 * Auth then checks whose session it is, or the administrator's permission, as ever.
 */
export function sessionIds() {
  const translate = createAuthMiddleware(async (ctx) => {
    const names = ROUTES[ctx.path ?? ''];
    const body = (ctx.body ?? {}) as Record<string, unknown>;
    const id = names && body[names.id];
    if (names === undefined || typeof id !== 'string' || !(await sessionOf(ctx))) return;
    return { context: { body: { [names.token]: await tokenOf(ctx, id) } } };
  });
  return {
    id: 'session-ids',
    hooks: { before: [{ matcher: ({ path }) => path !== undefined && path in ROUTES, handler: translate }] },
  } satisfies BetterAuthPlugin;
}

/** Empty for a session that is gone: no session has such a token. */
async function tokenOf(ctx: GenericEndpointContext, id: string): Promise<string> {
  const found = await ctx.context.adapter.findOne<{ token: string }>({
    model: 'session',
    where: [{ field: 'id', value: id }],
  });
  return found?.token ?? '';
}
