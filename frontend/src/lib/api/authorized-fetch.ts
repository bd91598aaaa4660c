import { SignedOutError, type TokenStore } from './token-store.ts';

/** A fetch as openapi-fetch calls it. */
export type Fetch = (request: Request) => Promise<Response>;

export interface AuthorizedFetchOptions {
  tokens: TokenStore;
  /** Called when the session is gone for good, before `SignedOutError` is thrown. */
  onSignedOut: () => void;
  fetch?: Fetch;
}

/**
 * A fetch that sends the page's JWT.
 *
 * A 401 is answered by one renewal and one repetition; a second 401, or no session to renew from, means signed out.
 * Anything else (503 above all) is handed on as it is: a service that can't answer has not said that anybody is signed out.
 *
 * @throws {SignedOutError} when only signing in again can help
 */
export function createAuthorizedFetch({ tokens, onSignedOut, fetch: send = (request) => fetch(request) }: AuthorizedFetchOptions): Fetch {
  async function attempt(request: Request): Promise<{ response: Response; token: string }> {
    const token = await tokens.get();
    request.headers.set('authorization', `Bearer ${token}`);
    return { response: await send(request), token };
  }

  return async (request) => {
    // A body can be read once; the copy is for the second attempt.
    const again = request.clone();
    try {
      const first = await attempt(request);
      if (first.response.status !== 401) return first.response;
      tokens.reject(first.token);
      const second = await attempt(again);
      if (second.response.status !== 401) return second.response;
      tokens.reject(second.token);
      throw new SignedOutError('The session has ended.');
    } catch (error) {
      if (error instanceof SignedOutError) onSignedOut();
      throw error;
    }
  };
}
