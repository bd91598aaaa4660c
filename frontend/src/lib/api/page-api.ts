import { createApiClient, type ApiClient, type TokenSource } from '@session-guard/api-client';
import { authCallsAnswered } from '../auth-calls.ts';
import { accountHeaders } from '../auth-request.ts';
import { isDeparting } from '../departure.ts';
import { createConnectionStore, type ConnectionStore } from './connection.ts';
import { NoAnswer } from './no-answer.ts';
import { pageToken } from './page-token.ts';
import { createTokenStore, SignedOutError } from './token-store.ts';

/** The API as one open page uses it. */
export interface PageApi {
  /** Every route, typed. */
  client: ApiClient;
  /** Where the API is, without a trailing slash. */
  baseUrl: string;
  token: TokenSource;
  /** Sends a request and reports the state of the connection. @throws {NoAnswer} */
  send: (request: Request) => Promise<Response>;
  connection: ConnectionStore;
  /** Checks whether there still is a session, and leaves the page when there is none. */
  check(): Promise<void>;
}

export interface PageApiOptions {
  baseUrl: string;
  /** The user of this page. Another tab may sign in as another user: their token is not used here. */
  userId: string;
  /** Goes to the sign-in page. */
  leave: () => void;
  /** Called when another user is signed in in this browser: this page must not use their token. */
  otherAccount: () => void;
}

/** How long a call may take. */
const TIMEOUT_MS = 12_000;

/** The subject of a JWT; unverified, only for comparing. */
function subjectOf(token: string): unknown {
  try {
    const [, payload = ''] = token.split('.');
    return (JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/'))) as { sub?: unknown }).sub;
  } catch {
    return undefined;
  }
}

const timedOut = (reason: unknown) => reason instanceof DOMException && reason.name === 'TimeoutError';

/** Connects a page to the API. */
export function createPageApi({ baseUrl, userId, leave, otherAccount }: PageApiOptions): PageApi {
  const connection = createConnectionStore();

  async function send(request: Request): Promise<Response> {
    // While the page is leaving, the user has ended the session: a 401 is expected.
    if (isDeparting()) throw new NoAnswer();
    try {
      const response = await fetch(request);
      connection.report(response);
      return response;
    } catch (error) {
      // Aborted by the page, for instance by a newer search: this says nothing about the network.
      if (request.signal.aborted && !timedOut(request.signal.reason)) throw error;
      connection.report('no answer');
      throw new NoAnswer();
    }
  }

  const askForToken = () =>
    send(new Request('/api/auth/token', { headers: accountHeaders(), signal: AbortSignal.timeout(TIMEOUT_MS) }));

  const tokens = createTokenStore(async () => {
    let response = await askForToken();
    if (response.status === 401) {
      // The session may be about to be replaced by a new one, here or in another tab.
      await authCallsAnswered();
      response = await askForToken();
    }
    if (response.status === 401) return null;
    if (response.status === 409) {
      otherAccount();
      throw new NoAnswer();
    }
    if (!response.ok) throw new NoAnswer();
    const { token } = (await response.json()) as { token: string };
    if (subjectOf(token) === userId) return token;
    otherAccount();
    throw new NoAnswer();
  });
  const token = pageToken(tokens, leave);
  const client = createApiClient({ baseUrl, token, fetch: send });
  // Refused with a renewed token too.
  client.use({ onResponse: ({ response }) => void (response.status === 401 && leave()) });

  return {
    client,
    baseUrl,
    token,
    send,
    connection,
    async check() {
      tokens.clear();
      try {
        await tokens.get();
      } catch (error) {
        if (error instanceof SignedOutError) leave();
      }
    },
  };
}

/** A signal that ends with the caller's or after twelve seconds, whichever is first. */
export function bounded(signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}
