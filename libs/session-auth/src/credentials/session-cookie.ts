import { parseCookie } from 'cookie';
import { decodeOnce } from './signed-token.ts';

const SECURE_PREFIX = '__Secure-';

export interface CookieNaming {
  readonly baseURL: string;
  readonly cookiePrefix?: string | undefined;
  readonly cookieName?: string | undefined;
  readonly secureCookies?: boolean | undefined;
}

/**
 * The name of the session cookie, as Better Auth builds it (`cookies/index.mjs`, `createCookieGetter`).
 *
 * @example sessionCookieName({ baseURL: 'https://example.com' }) // '__Secure-better-auth.session_token'
 */
export function sessionCookieName({ baseURL, cookiePrefix, cookieName, secureCookies }: CookieNaming): string {
  const secure = secureCookies ?? baseURL.startsWith('https://');
  const name = cookieName ?? `${cookiePrefix ?? 'better-auth'}.session_token`;
  return secure ? `${SECURE_PREFIX}${name}` : name;
}

/** better-call takes quotes off before it decodes; the value is decoded once. */
function decode(value: string): string {
  const trimmed = value.trim();
  return decodeOnce(trimmed.startsWith('"') ? trimmed.slice(1, -1) : trimmed);
}

/** The value of the first cookie of that name (RFC 6265 leaves the order of duplicates to us; Better Auth takes the first). */
export function readCookie(header: string, name: string): string | undefined {
  // Most requests without this cookie are told apart without parsing.
  if (!header.includes(name)) return undefined;
  return parseCookie(header, { decode })[name];
}
