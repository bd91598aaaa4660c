'use server';

import { headers } from 'next/headers';
import { revalidatePath } from 'next/cache';
import { auth } from '../../server/auth/index.ts';
import { accountKey } from '../../server/auth/page-account.ts';
import { getSession, listSessions } from '../../server/auth/session.ts';

/** Whether it worked, and if not, why, for a person. */
export type ActionResult = { ok: true } | { ok: false; message: string };

const FAILED: ActionResult = { ok: false, message: 'That didn’t work. Nothing was changed; try again in a moment.' };
const OTHER_ACCOUNT: ActionResult = {
  ok: false,
  message: 'Another account is signed in in this browser now. Nothing was changed; load the page anew.',
};
const SIGNED_OUT: ActionResult = { ok: false, message: 'You are signed out.' };

/**
 * Ends one of this person's other sessions. Takes its id: Better Auth's own endpoint wants the session's token, which
 * would mean handing every device's credential to the page.
 *
 * @param account whose page asks, as `pageAccount()` names it
 */
export async function revokeSession(id: unknown, account: unknown): Promise<ActionResult> {
  if (typeof id !== 'string') return FAILED;
  try {
    const current = await getSession();
    if (!current) return SIGNED_OUT;
    if (accountKey(current) !== account) return OTHER_ACCOUNT;
    const requestHeaders = await headers();
    const target = (await listSessions(current.user.id)).find((session) => session.id === id);
    // One that is gone already is what was asked for.
    if (target) await auth().api.revokeSession({ headers: requestHeaders, body: { token: target.token } });
    revalidatePath('/account/sessions');
    return { ok: true };
  } catch {
    return FAILED;
  }
}

/** Ends every session of this person’s but the one that asks, however many there are. `account`: whose page asks. */
export async function revokeOtherSessions(account: unknown): Promise<ActionResult> {
  try {
    const current = await getSession();
    if (!current) return SIGNED_OUT;
    if (accountKey(current) !== account) return OTHER_ACCOUNT;
    const requestHeaders = await headers();
    // Better Auth ends at most a hundred at a time.
    for (let round = 0; round < 20; round++) {
      const sessions = await listSessions(current.user.id);
      if (sessions.every(({ id }) => id === current.session.id)) break;
      await auth().api.revokeOtherSessions({ headers: requestHeaders });
    }
    revalidatePath('/account/sessions');
    return { ok: true };
  } catch {
    return FAILED;
  }
}
