import type { Refused, RequestHeaders } from '../principal.ts';
import type { CredentialScheme } from './credential.scheme.ts';

/** RFC 6750 §2.1; the scheme is case-insensitive (RFC 9110 §11.1). Better Auth trims what follows the one space. */
const BEARER = 'bearer';

/** C0 controls and DEL can't be in any credential; PostgreSQL refuses NUL with an error of its own. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Longer values are refused unread: a token is 32 characters, a JWT of `sub` and `sid` about 400. */
const MAX_LENGTH = 4096;

/** A credential as it came, not yet looked into. */
export interface SentCredential {
  readonly scheme: CredentialScheme;
  /** Never log it. */
  readonly text: string;
}

/**
 * Finds the one credential a request is judged by: that of the first scheme which has one. An `Authorization` header
 * that no scheme knows is refused. Credentials in the URL don't count (RFC 6750 §5.3).
 */
export function findCredential(
  schemes: readonly CredentialScheme[],
  headers: RequestHeaders,
): SentCredential | Refused<'missing' | 'unsupported_scheme' | 'malformed'> {
  const bearer = bearerOf(headers);
  if (typeof bearer === 'object' && bearer !== null) return bearer;
  for (const scheme of schemes) {
    const found = scheme.find(headers, bearer);
    if (found !== null) return typeof found === 'string' ? { scheme, text: found } : found;
  }
  const { authorization } = headers;
  if (authorization === undefined) return { refused: 'missing' };
  return { refused: /^ |^$/.test(String(authorization)) ? 'malformed' : 'unsupported_scheme' };
}

/** Whether a text may be a credential at all. */
export function isReadable(text: string): boolean {
  return text.length <= MAX_LENGTH && !CONTROL.test(text);
}

function bearerOf({ authorization }: RequestHeaders): string | Refused<'malformed'> | null {
  if (authorization === undefined) return null;
  if (typeof authorization !== 'string') return { refused: 'malformed' };
  const space = authorization.indexOf(' ');
  const name = space === -1 ? authorization : authorization.slice(0, space);
  if (name.toLowerCase() !== BEARER) return null;
  const value = authorization.slice(BEARER.length).trim();
  return value && isReadable(value) ? value : { refused: 'malformed' };
}
