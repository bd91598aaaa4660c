/** Whose page this is: the account that the server made it for. */
export interface PageAccount {
  /** Names the account, and whether an administrator acts as it. See `accountKey` on the server. */
  readonly key: string;
  /** For people, never compared. */
  readonly name: string;
}

/** Request header by which a page says whose it is; the server refuses it when somebody else is signed in. */
export const PAGE_ACCOUNT_HEADER = 'x-page-account';

/** Better Auth's answers, and ours, to a request made in the name of an account that isn't signed in any more. */
export const ACCOUNT_CHANGED = 'ACCOUNT_CHANGED';

/** Tabs tell each other here whose page they have just been given. */
const CHANNEL = 'session-guard.account';

let own: PageAccount | undefined;
let other: PageAccount | 'somebody' | undefined;
const listeners = new Set<() => void>();

/** The account this page was made for; undefined on pages for people who are signed out. */
export function pageAccount(): PageAccount | undefined {
  return own;
}

/** Who is signed in in this browser instead, once that is known; `somebody` when only the change is known. */
export function otherAccount(): PageAccount | 'somebody' | undefined {
  return other;
}

/** Calls `listener` when another account turns up. */
export function subscribeToAccount(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Notes that another account is signed in now: from here on nothing is sent in anybody's name. */
export function noteOtherAccount(found: PageAccount | 'somebody'): void {
  if (found !== 'somebody' && found.key === own?.key) return;
  if (other !== undefined && found === 'somebody') return;
  other = found;
  for (const listener of listeners) listener();
}

/**
 * Binds this page to the account it was made for, tells the browser's other tabs, and hears from theirs.
 *
 * @returns what ends it
 */
export function bindPage(account: PageAccount): () => void {
  own = account;
  other = undefined;
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', ({ data }: MessageEvent<PageAccount>) => noteOtherAccount(data));
  channel.postMessage(account);
  return () => {
    channel.close();
    own = undefined;
  };
}
