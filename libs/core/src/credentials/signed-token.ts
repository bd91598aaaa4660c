import { createHmac, timingSafeEqual } from 'node:crypto';

/** A SHA-256 HMAC in standard padded base64: 44 characters, the last of them `=`. */
const SIGNATURE_LENGTH = 44;

/** Decodes percent-encoding once; what can't be decoded stays as it is, as in Better Auth. */
export function decodeOnce(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** The signature Better Auth issues for a token: base64(HMAC-SHA256(utf8 secret, token)). */
export function signToken(token: string, secret: string): string {
  return createHmac('sha256', secret).update(token).digest('base64');
}

/**
 * Opens `<token>.<signature>` as Better Auth's cookies hold it (better-call `getSignedCookie`): split at the last
 * dot, 44 characters of standard padded base64. Signatures are compared as text, so only the issued spelling
 * counts: base64url and the three other spellings of the last character, which decode to the same bytes, don't.
 *
 * @param value decoded once
 * @returns the token, or undefined when the signature isn't ours
 */
export function openSignedToken(value: string, secret: string): string | undefined {
  const dot = value.lastIndexOf('.');
  if (dot < 1) return undefined;
  const signature = value.slice(dot + 1);
  if (signature.length !== SIGNATURE_LENGTH) return undefined;
  const token = value.slice(0, dot);
  const given = Buffer.from(signature, 'utf8');
  const expected = Buffer.from(signToken(token, secret), 'utf8');
  // A length in characters isn't one in bytes, and timingSafeEqual throws on unequal lengths.
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : undefined;
}

/**
 * Opens a signed token with the first secret that signed it, as a rotation of secrets needs.
 *
 * @param value decoded once
 * @param secrets those that count, newest first
 * @returns the token, or undefined when no signature is ours
 */
export function openWithAny(value: string, secrets: readonly string[]): string | undefined {
  for (const secret of secrets) {
    const token = openSignedToken(value, secret);
    if (token !== undefined) return token;
  }
  return undefined;
}
