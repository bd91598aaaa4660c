/** A token that expires within this time is renewed before use: a request takes time to arrive. */
const RENEW_BEFORE_MS = 20_000;

/** The browser has no session any more: the user must sign in. */
export class SignedOutError extends Error {
  override name = 'SignedOutError';
}

/** The short-lived JWT of this page. */
export interface TokenStore {
  /**
   * A usable token, fetched when there is none or its end is near; callers at the same time share one request.
   * @throws {SignedOutError} when there is no session
   */
  get(): Promise<string>;
  /** Drops the token, after it was refused or when another user's page begins. */
  clear(): void;
}

/** How long a JWT lives, in milliseconds; 0 when it can't be read. Nothing is verified: that is the API's work. */
export function lifetimeOf(token: string): number {
  try {
    const [, payload = ''] = token.split('.');
    const claims = JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/'))) as { iat?: unknown; exp?: unknown };
    return typeof claims.iat === 'number' && typeof claims.exp === 'number' ? (claims.exp - claims.iat) * 1000 : 0;
  } catch {
    return 0;
  }
}

/**
 * Keeps the JWT in a closure: never in a storage, a URL or the DOM, and gone with the page.
 * The session itself stays in its HttpOnly cookie, which no script can read.
 *
 * @param fetchToken asks for a new token; `null` means there is no session
 */
export function createTokenStore(fetchToken: () => Promise<string | null>, now: () => number = Date.now): TokenStore {
  let current: { token: string; received: number; lifetime: number } | undefined;
  let pending: Promise<string> | undefined;

  async function renew(): Promise<string> {
    const token = await fetchToken();
    if (token === null) throw new SignedOutError('There is no session.');
    // The lifetime counts, not `exp`: this machine's clock may be wrong by more than the token's lifetime.
    current = { token, received: now(), lifetime: lifetimeOf(token) };
    return token;
  }

  return {
    get() {
      if (current && now() - current.received < current.lifetime - RENEW_BEFORE_MS)
        return Promise.resolve(current.token);
      pending ??= renew().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    clear() {
      current = undefined;
    },
  };
}
