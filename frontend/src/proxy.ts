import { getSessionCookie } from 'better-auth/cookies';
import { NextResponse, type NextRequest } from 'next/server';
import { signInPath } from './lib/next-path.ts';
import { renewCookies } from './server/auth/secret-rotation.ts';
import { contentSecurityPolicy } from './server/security/csp.ts';
import { env } from './server/env.ts';

/** Pages that show something of a person's. */
const PRIVATE = /^\/(tasks|account|admin)(\/|$)/;

/**
 * Sends people without a cookie to sign in before anything is rendered, and gives every page its policy.
 *
 * This is a convenience and never the boundary: a cookie is not looked up here, only seen. Each page checks the session
 * itself.
 */
export function proxy(request: NextRequest): NextResponse {
  const settings = env();
  const { pathname, search } = request.nextUrl;
  if (PRIVATE.test(pathname) && !getSessionCookie(request)) {
    return NextResponse.redirect(new URL(signInPath(pathname + search), settings.webUrl), 307);
  }

  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
  const policy = contentSecurityPolicy({ ...settings, nonce });
  const headers = new Headers(request.headers);
  const renewed = renewCookies(headers, settings);
  // Next reads the nonce from the request's policy and puts it on the scripts it writes.
  headers.set('content-security-policy', policy);
  headers.set('x-nonce', nonce);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  if (settings.webUrl.startsWith('https://')) {
    response.headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains');
  }
  for (const cookie of renewed) response.headers.append('set-cookie', cookie);
  return response;
}

export const config = { matcher: ['/((?!api/|_next/static|_next/image|icon.svg|favicon.ico).*)'] };
