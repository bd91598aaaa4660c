/** A copy of a JSON value without any property called `token`, however deep. */
export function withoutTokens(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTokens);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'token')
      .map(([key, inner]) => [key, withoutTokens(inner)]),
  );
}

/** Where the JWT, the public keys and the description of the routes are: nothing in them is a session token. */
const OPEN = ['/token', '/jwks', '/open-api/generate-schema'];

/**
 * Keeps session tokens out of the reach of scripts.
 *
 * Better Auth answers several requests (sign-in, get-session, list-sessions) with raw session tokens, the very thing
 * HttpOnly hides. A script that got into a page could just ask. Browsers mark their requests with `Sec-Fetch-Site`, which
 * no script can remove, so those answers come without tokens. Other clients, which have no cookie jar, get them as ever.
 * The short-lived JWT of `/token` is what a page is meant to have.
 */
export async function hideTokens(request: Request, response: Response): Promise<Response> {
  if (!request.headers.has('sec-fetch-site')) return response;
  const headers = new Headers(response.headers);
  headers.delete('set-auth-token');
  const path = new URL(request.url).pathname;
  const json = response.headers.get('content-type')?.includes('application/json');
  if (!json || OPEN.some((end) => path.endsWith(end))) return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
  const text = await response.text();
  const body = text === '' ? text : JSON.stringify(withoutTokens(JSON.parse(text)));
  headers.delete('content-length');
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}
