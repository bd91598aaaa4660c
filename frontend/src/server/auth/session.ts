import 'server-only';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { auth, type Auth } from './index.ts';

/** The signed-in person and their session, as the server sees them. */
export type ServerSession = NonNullable<Awaited<ReturnType<Auth['api']['getSession']>>>;

/** The session of this request, looked up once however many components ask. Banned people have none. */
export const getSession = cache(async (): Promise<ServerSession | null> => {
  const session = await auth().api.getSession({ headers: await headers() });
  if (!session) return null;
  const { banned, banExpires } = session.user;
  if (banned && (!banExpires || new Date(banExpires) > new Date())) return null;
  return session;
});

/**
 * The sessions of a user that haven't ended. Better Auth's route wants to be asked within a day of signing in: whoever
 * came earlier could neither see nor end the others, and here no token leaves the server.
 */
export async function listSessions(userId: string): Promise<ServerSession['session'][]> {
  const { internalAdapter } = await auth().$context;
  return internalAdapter.listSessions(userId, { onlyActiveSessions: true });
}

/**
 * The session of this request, or a redirect to sign in and back to `path`.
 * Every page that shows something of a person's calls this itself; `proxy.ts` is a convenience, not the boundary.
 */
export async function requireSession(path: string): Promise<ServerSession> {
  const session = await getSession();
  if (!session) redirect(`/sign-in?next=${encodeURIComponent(path)}`);
  return session;
}
