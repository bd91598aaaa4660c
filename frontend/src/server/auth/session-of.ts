import { getSession } from 'better-auth/api';
import { bearer } from 'better-auth/plugins';
import type { GenericEndpointContext } from 'better-auth';

/**
 * Better Auth's own reading of `Authorization: Bearer`. A plugin's hook runs beside it and would see the cookie alone.
 */
const [bearerHook] = bearer().hooks.before;

/** The session of a request inside a hook, by cookie or bearer token, read from the database. */
export async function sessionOf(ctx: GenericEndpointContext): Promise<{ session: SessionRow; user: UserRow } | null> {
  const request = { ...ctx, returnHeaders: true } as never;
  const read = bearerHook?.matcher(request) ? ((await bearerHook.handler(request)) as unknown as Read) : undefined;
  const headers = read?.response?.context?.headers ?? ctx.headers;
  const input = {
    ...ctx,
    headers,
    body: undefined,
    method: 'GET',
    asResponse: false,
    returnHeaders: false,
    returnStatus: false,
    query: { disableCookieCache: true, disableRefresh: true },
  };
  return (await getSession()(input as never).catch(() => null)) as { session: SessionRow; user: UserRow } | null;
}

interface Read {
  response?: { context?: { headers?: Headers } };
}

/** What is asked of a session here. */
export interface SessionRow {
  id: string;
  userId: string;
  createdAt: Date | string;
  impersonatedBy?: string | null;
}

/** What is asked of a user here. */
export interface UserRow {
  id: string;
  email: string;
}
