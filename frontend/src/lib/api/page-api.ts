import { createAuthorizedFetch, type Fetch } from './authorized-fetch.ts';
import { createConnectionStore, type ConnectionStore } from './connection.ts';
import { ApiError, toApiError } from './problem.ts';
import { createTokenStore, SignedOutError } from './token-store.ts';

/** The API as one open page uses it. */
export interface PageApi {
  /** Where the API is, without a trailing slash. */
  baseUrl: string;
  fetch: Fetch;
  connection: ConnectionStore;
  /** Finds out whether there still is a session, and leaves the page when there is none. */
  check(): Promise<void>;
}

/** A call that isn't answered by now won't be, in milliseconds. */
const TIMEOUT = 12_000;

/** The user a JWT speaks for; unverified, for comparing only. */
function subjectOf(token: string): unknown {
  try {
    const [, payload = ''] = token.split('.');
    return (JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/'))) as { sub?: unknown }).sub;
  } catch {
    return undefined;
  }
}

/**
 * Connects a page to the API.
 *
 * @param userId whose page this is. Another tab may have signed in as somebody else meanwhile: their token is not used
 *   for this page, which is left instead.
 * @param leave goes to the sign-in page
 */
export function createPageApi(options: { baseUrl: string; userId: string; leave: () => void; reload: () => void }): PageApi {
  const connection = createConnectionStore();

  const send: Fetch = async (request) => {
    try {
      const response = await fetch(request);
      connection.report(response);
      return response;
    } catch (error) {
      // Given up by the page itself, a search that was typed over for instance: that says nothing of the network.
      if (request.signal.aborted && !(request.signal.reason instanceof DOMException && request.signal.reason.name === 'TimeoutError')) throw error;
      connection.report('no answer');
      throw new ApiError(0, '', 'No answer.', undefined);
    }
  };

  const tokens = createTokenStore(async () => {
    const response = await send(new Request('/api/auth/token', { signal: AbortSignal.timeout(TIMEOUT) }));
    if (response.status === 401) return null;
    if (!response.ok) throw toApiError(response, await response.json().catch(() => null));
    const { token } = (await response.json()) as { token: string };
    if (subjectOf(token) !== options.userId) {
      options.reload();
      throw new ApiError(409, 'another_user', 'You are signed in as somebody else now.', undefined);
    }
    return token;
  });

  return {
    baseUrl: options.baseUrl,
    connection,
    fetch: createAuthorizedFetch({ tokens, onSignedOut: options.leave, fetch: send }),
    async check() {
      tokens.clear();
      try {
        await tokens.get();
      } catch (error) {
        if (error instanceof SignedOutError) options.leave();
      }
    },
  };
}

/** A signal that ends with the caller's or after `TIMEOUT`, whichever is first. */
export function bounded(signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(TIMEOUT);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}
