/** A copy of a JSON value without any property called `token` or `sessionToken`, however deep. */
export function withoutTokens(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTokens);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'token' && key !== 'sessionToken')
      .map(([key, inner]) => [key, withoutTokens(inner)]),
  );
}

/** Where the JWT, the public keys and the description of the routes are: nothing in them is a session token. */
const OPEN = /\/(token|jwks|open-api\/generate-schema)$/;

/** Where a client without a cookie jar is given the token of the session it has just opened, or that it sent along. */
const OWN_TOKEN = /\/(sign-in\/[^/]+|sign-up\/email|two-factor\/verify-[^/]+|change-password|get-session)$/;

/**
 * Keeps session tokens to those they belong to.
 *
 * Better Auth answers several requests (list-sessions, admin/list-user-sessions, update-session …) with raw session
 * tokens, each as good as a password for a week. Nobody is given a token but of the session that was opened by this
 * request, or that this request came with.
 *
 * A browser is given none at all: HttpOnly hides the cookie from scripts, and a script that got into a page could just
 * ask. Browsers mark their requests with `Sec-Fetch-Site`, which no script can remove. The short-lived JWT of `/token`
 * is what a page is meant to have.
 */
export async function hideTokens(request: Request, response: Response): Promise<Response> {
  const browser = request.headers.has('sec-fetch-site');
  const path = new URL(request.url).pathname;
  if (!browser && OWN_TOKEN.test(path)) return response;
  const headers = new Headers(response.headers);
  if (browser) headers.delete('set-auth-token');
  const json = response.headers.get('content-type')?.includes('application/json');
  if (!json || OPEN.test(path))
    return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
  const text = await response.text();
  const body = text === '' ? text : JSON.stringify(withoutTokens(JSON.parse(text)));
  headers.delete('content-length');
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}
