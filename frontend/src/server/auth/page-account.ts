import { ACCOUNT_CHANGED, PAGE_ACCOUNT_HEADER, type PageAccount } from '../../lib/page-account.ts';

/** What of a session says whose pages it makes. */
export interface AccountOfSession {
  readonly user: { readonly id: string; readonly name: string };
  readonly session: { readonly impersonatedBy?: string | null | undefined };
}

/** Names an account as a page knows it. An administrator who acts as somebody is not that somebody. */
export function accountKey({ user, session }: AccountOfSession): string {
  return session.impersonatedBy ? `${user.id}:impersonated` : user.id;
}

/** Whose page a session makes. */
export function pageAccountOf(found: AccountOfSession): PageAccount {
  return { key: accountKey(found), name: found.user.name };
}

/**
 * Refuses what a page asks in the name of an account that isn't the browser's any more: signing in in another tab
 * replaces the cookie that every tab sends.
 *
 * @param find the session of the request; asked only when the request says whose page it comes from
 * @returns the refusal, or undefined when the request may go on
 */
export async function refuseOtherAccount(
  headers: Headers,
  find: () => Promise<AccountOfSession | null>,
): Promise<Response | undefined> {
  const stated = headers.get(PAGE_ACCOUNT_HEADER);
  if (stated === null) return undefined;
  const found = await find();
  if (!found || accountKey(found) === stated) return undefined;
  return Response.json(
    {
      code: ACCOUNT_CHANGED,
      message: 'Somebody else is signed in in this browser now. Nothing was changed: load the page anew.',
    },
    { status: 409, headers: { 'cache-control': 'no-store' } },
  );
}
