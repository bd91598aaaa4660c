import type { JwtVerifier } from '../jwt/jwt.verifier.ts';
import type { CredentialScheme, SchemeDocument } from './credential.scheme.ts';
import { decodeOnce, openWithAny } from './signed-token.ts';

/** base64url has no padding, so a signed token, which ends in `=`, is never taken for a JWT. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** Name of the OpenAPI scheme for `Authorization: Bearer`. */
export const BEARER_SCHEME = 'bearer';

const NOT_ACCEPTED = { refused: 'not_accepted' } as const;

function bearerDocument(accepts: string | null): SchemeDocument {
  return { name: BEARER_SCHEME, definition: { type: 'http', scheme: 'bearer' }, accepts };
}

/** Better Auth's raw session token: `Authorization: Bearer <token>`. It has no dot. */
export function tokenScheme(isAccepted: boolean): CredentialScheme {
  return {
    kind: 'token',
    attachedByBrowser: false,
    document: bearerDocument(isAccepted ? 'a session token' : null),
    find: (_headers, bearer) => (bearer !== null && !bearer.includes('.') ? bearer : null),
    verify: async (token, sessions) => (isAccepted ? sessions.findByToken(token) : NOT_ACCEPTED),
  };
}

/**
 * The signed token that Better Auth's bearer plugin hands out as `set-auth-token`: `<token>.<signature>`.
 *
 * @param secrets those that count, newest first
 */
export function signedTokenScheme(isAccepted: boolean, secrets: readonly string[]): CredentialScheme {
  return {
    kind: 'signed_token',
    attachedByBrowser: false,
    document: bearerDocument(isAccepted ? 'a signed session token (`set-auth-token`)' : null),
    find: (_headers, bearer) => (bearer !== null && bearer.includes('.') && !JWT.test(bearer) ? bearer : null),
    verify: async (signed, sessions) => {
      if (!isAccepted) return NOT_ACCEPTED;
      const token = openWithAny(decodeOnce(signed), secrets);
      return token === undefined ? { refused: 'bad_signature' } : sessions.findByToken(token);
    },
  };
}

/**
 * A JWT of Better Auth's jwt plugin. Its `sid` names the session, which is looked up: a JWT that outlives its session
 * proves nobody.
 *
 * @param verifier null refuses every JWT
 * @param isDocumented whether OpenAPI says that JWTs are accepted
 */
export function jwtScheme(verifier: Pick<JwtVerifier, 'verify'> | null, isDocumented: boolean): CredentialScheme {
  return {
    kind: 'jwt',
    attachedByBrowser: false,
    document: bearerDocument(isDocumented ? "a JWT of Better Auth's jwt plugin" : null),
    find: (_headers, bearer) => (bearer !== null && JWT.test(bearer) ? bearer : null),
    verify: async (jwt, sessions) => {
      if (!verifier) return NOT_ACCEPTED;
      const claims = await verifier.verify(jwt);
      if ('refused' in claims) return claims;
      const found = await sessions.findById(claims.sid);
      if ('refused' in found) return found;
      if (found.userId !== claims.sub) return { refused: 'jwt_wrong_user' };
      return { ...found, ttlMs: Math.min(found.ttlMs, claims.ttl) };
    },
  };
}
