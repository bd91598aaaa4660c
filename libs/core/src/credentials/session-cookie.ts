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

const AS_SENT = { decode: (value: string): string => value };

/**
 * The value, as it was sent, of the first cookie of that name (RFC 6265 leaves the order of duplicates to us; Better
 * Auth takes the first). Decoding is left to {@link decodeCookie}: a remembered cookie needs none.
 */
export function readCookie(header: string, name: string): string | undefined {
  // Most requests without this cookie are told apart without parsing.
  if (!header.includes(name)) return undefined;
  // And most with it carry nothing else.
  if (header.startsWith(`${name}=`) && !header.includes(';')) return header.slice(name.length + 1);
  return parseCookie(header, AS_SENT)[name];
}

/** better-call takes quotes off before it decodes; the value is decoded once. */
export function decodeCookie(value: string): string {
  const trimmed = value.trim();
  return decodeOnce(trimmed.startsWith('"') ? trimmed.slice(1, -1) : trimmed);
}
