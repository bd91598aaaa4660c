import { errors, jwtVerify } from 'jose';
import type { SigningKeys } from './signing-keys.ts';

/** Clocks of web and API may differ by this much; 5 s passes a skewed clock and no stolen token worth the name. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** What an id may look like. PostgreSQL refuses NUL with an error, which must not read as an outage. */
const ID = /^[\w.:-]{1,128}$/;

export interface JwtClaims {
  /** The session's id. */
  readonly sid: string;
  /** The user's id. */
  readonly sub: string;
  /** Milliseconds until the token stops counting, tolerance included. */
  readonly ttl: number;
}

export interface JwtExpectations {
  readonly algorithms: readonly string[];
  readonly issuer: string;
  readonly audience: string;
}

class UnknownKeyError extends Error {}

/**
 * Verifies JWTs of Better Auth's jwt plugin by RFC 8725: the algorithms are ours and the key's, never the token's;
 * issuer, audience and expiry are required; keys come from `jwks` by `kid` only, so a `jwk` or `jku` in the header
 * is ignored. `sid` is required: a JWT that names no session can't be revoked.
 */
export class JwtVerifier {
  constructor(
    private readonly keys: SigningKeys,
    private readonly expected: JwtExpectations,
  ) {}

  /**
   * @returns the claims, or undefined for any token that isn't ours and valid
   * @throws the driver's error when the keys can't be read
   */
  async verify(token: string): Promise<JwtClaims | undefined> {
    try {
      const { payload } = await jwtVerify(
        token,
        async ({ kid, alg }) => {
          const found = kid ? await this.keys.find(kid) : undefined;
          if (!found || found.alg !== alg) throw new UnknownKeyError();
          return found.key;
        },
        {
          algorithms: [...this.expected.algorithms],
          issuer: this.expected.issuer,
          audience: this.expected.audience,
          requiredClaims: ['exp', 'sub', 'sid'],
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
        },
      );
      const { sid, sub, exp } = payload;
      if (typeof sid !== 'string' || !sub || exp === undefined || !ID.test(sid)) return undefined;
      return { sid, sub, ttl: (exp + CLOCK_TOLERANCE_SECONDS) * 1000 - Date.now() };
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof UnknownKeyError) return undefined;
      // A key of another type than its algorithm says (HS256 against a public key) is a TypeError of jose's.
      if (error instanceof TypeError) return undefined;
      throw error;
    }
  }
}
