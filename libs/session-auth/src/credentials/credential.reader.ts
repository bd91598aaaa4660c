import type { Credential, NoCredential } from './credential.ts';
import { decodeCookie, readCookie } from './session-cookie.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const MISSING: NoCredential = { refused: 'missing' };
const MALFORMED: NoCredential = { refused: 'malformed' };
const UNSUPPORTED_SCHEME: NoCredential = { refused: 'unsupported_scheme' };

/** RFC 6750 §2.1; the scheme is case-insensitive (RFC 9110 §11.1). Better Auth trims what follows the one space. */
const BEARER = 'bearer';

/** base64url has no padding, so a signed token, which ends in `=`, is never taken for a JWT. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** C0 controls and DEL can't be in any credential; PostgreSQL refuses NUL with an error of its own. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Longer values are refused unread: a token is 32 characters, a JWT of `sub` and `sid` about 400. */
const MAX_LENGTH = 4096;

/** A credential as it came, not yet looked into. */
export interface SentCredential {
  readonly source: 'authorization' | 'cookie';
  /** The Authorization header, or the value of the cookie as it was sent. Never log it. */
  readonly text: string;
}

/**
 * Finds the one credential a request is judged by. An `Authorization` header, whatever its scheme, decides alone:
 * a client that names a credential must never be answered as whoever its cookie happens to be. The cookie counts
 * only without one. Credentials in the URL don't count (RFC 6750 §5.3).
 */
export function findCredential(headers: Headers, cookieName: string): SentCredential | NoCredential {
  const authorization = headers['authorization'];
  if (authorization !== undefined) {
    return typeof authorization === 'string' ? { source: 'authorization', text: authorization } : MALFORMED;
  }
  const cookies = headers['cookie'];
  if (cookies === undefined) return MISSING;
  const text = readCookie(typeof cookies === 'string' ? cookies : cookies.join('; '), cookieName);
  return text ? { source: 'cookie', text } : MISSING;
}

/** Tells what kind of credential was sent, by its form alone. */
export function classify({ source, text }: SentCredential): Credential | NoCredential {
  if (source === 'cookie') return classifyCookie(decodeCookie(text));
  const [scheme = ''] = text.split(' ', 1);
  if (scheme.toLowerCase() !== BEARER) return scheme ? UNSUPPORTED_SCHEME : MALFORMED;
  const value = text.slice(BEARER.length).trim();
  if (!value || !isReadable(value)) return MALFORMED;
  if (!value.includes('.')) return { kind: 'token', value };
  return { kind: JWT.test(value) ? 'jwt' : 'signed_token', value };
}

function classifyCookie(value: string): Credential | NoCredential {
  if (!value) return MISSING;
  return isReadable(value) ? { kind: 'cookie', value } : MALFORMED;
}

function isReadable(value: string): boolean {
  return value.length <= MAX_LENGTH && !CONTROL.test(value);
}
