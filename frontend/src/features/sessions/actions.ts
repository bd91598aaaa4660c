'use server';

import { headers } from 'next/headers';
import { revalidatePath } from 'next/cache';
import { auth } from '../../server/auth/index.ts';
import { getSession } from '../../server/auth/session.ts';

/** Whether it worked, and if not, why, for a person. */
export type ActionResult = { ok: true } | { ok: false; message: string };

const FAILED: ActionResult = { ok: false, message: 'That didn’t work. Nothing was changed; try again in a moment.' };
const SIGNED_OUT: ActionResult = { ok: false, message: 'You are signed out.' };

/**
 * Ends one of this person's other sessions. Takes its id: Better Auth's own endpoint wants the session's token, which
 * would mean handing every device's credential to the page.
 */
export async function revokeSession(id: unknown): Promise<ActionResult> {
  if (typeof id !== 'string') return FAILED;
  try {
    if (!(await getSession())) return SIGNED_OUT;
    const requestHeaders = await headers();
    const sessions = await auth().api.listSessions({ headers: requestHeaders });
    const target = sessions.find((session) => session.id === id);
    // One that is gone already is what was asked for.
    if (target) await auth().api.revokeSession({ headers: requestHeaders, body: { token: target.token } });
    revalidatePath('/account/sessions');
    return { ok: true };
  } catch {
    return FAILED;
  }
}

/** Ends every session of this person's but the one that asks, however many there are. */
export async function revokeOtherSessions(): Promise<ActionResult> {
  try {
    const current = await getSession();
    if (!current) return SIGNED_OUT;
    const requestHeaders = await headers();
    // Better Auth ends at most a hundred at a time.
    for (let round = 0; round < 20; round++) {
      const sessions = await auth().api.listSessions({ headers: requestHeaders });
      if (sessions.every(({ id }) => id === current.session.id)) break;
      await auth().api.revokeOtherSessions({ headers: requestHeaders });
    }
    revalidatePath('/account/sessions');
    return { ok: true };
  } catch {
    return FAILED;
  }
}
