import type { JWTPayload } from 'jose';

/** RFC 7519 §5.1: `JWT` or nothing. Media types are case-insensitive, and `application/` may be left out. */
const SESSION_TYPE = /^(?:application\/)?jwt$/i;

/**
 * Claims that only other kinds of JWT carry, all of which Better Auth signs with the same keys: OAuth access tokens
 * (RFC 9068, 8693, 7800), ID tokens (OpenID Connect Core §2), security events and logout tokens (RFC 8417). Its
 * session JWTs have none of them, and an ID token has no `typ` that would tell.
 */
const FOREIGN_CLAIMS: readonly string[] = [
  'scope',
  'scp',
  'client_id',
  'azp',
  'cnf',
  'act',
  'may_act',
  'nonce',
  'at_hash',
  'c_hash',
  's_hash',
  'auth_time',
  'acr',
  'amr',
  'events',
  'toe',
];

/** Whether the `typ` of a header leaves room for a session JWT: `at+jwt`, `logout+jwt` and the like do not. */
export function isSessionType(typ: unknown): boolean {
  return typ === undefined || (typeof typ === 'string' && SESSION_TYPE.test(typ));
}

/** Whether nothing in the payload betrays another kind of JWT, whatever issuer, audience and `sid` say. */
export function isSessionPayload(payload: JWTPayload): boolean {
  return FOREIGN_CLAIMS.every((claim) => payload[claim] === undefined || payload[claim] === null);
}
