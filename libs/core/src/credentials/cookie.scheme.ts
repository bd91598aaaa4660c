import type { CredentialScheme } from './credential.scheme.ts';
import { isReadable } from './find-credential.ts';
import { decodeCookie, readCookie } from './session-cookie.ts';
import { openWithAny } from './signed-token.ts';

/** Name of the OpenAPI scheme for Better Auth's session cookie. */
export const COOKIE_SCHEME = 'cookie';

/**
 * Better Auth's signed session cookie. It counts only without an `Authorization` header.
 *
 * @param name of the cookie
 * @param secrets those that count, newest first
 */
export function cookieScheme(name: string, secrets: readonly string[]): CredentialScheme {
  return {
    kind: 'cookie',
    attachedByBrowser: true,
    document: {
      name: COOKIE_SCHEME,
      definition: { type: 'apiKey', in: 'cookie', name },
      accepts: null,
      note: "Better Auth's session cookie. With it, POST, PUT, PATCH and DELETE need a trusted Origin header.",
    },
    find: ({ authorization, cookie }) => {
      if (authorization !== undefined || cookie === undefined) return null;
      // As it was sent: a remembered cookie needs no decoding.
      const text = readCookie(typeof cookie === 'string' ? cookie : cookie.join('; '), name);
      return text || null;
    },
    verify: async (text, sessions) => {
      const value = decodeCookie(text);
      if (!value) return { refused: 'missing' };
      if (!isReadable(value)) return { refused: 'malformed' };
      const token = openWithAny(value, secrets);
      return token === undefined ? { refused: 'bad_signature' } : sessions.findByToken(token);
    },
  };
}
