import { jwtVerify, type JWTHeaderParameters, type JWTPayload } from 'jose';
import { isSessionPayload, isSessionType } from './jwt.kind.ts';
import { JwtRefusedError, jwtRefusalOf, type JwtRefusal } from './jwt.refusal.ts';
import type { SigningKey, SigningKeys } from './signing-keys.ts';

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

/**
 * Verifies JWTs of Better Auth's jwt plugin by RFC 8725: the algorithms are ours and the key's, never the token's;
 * issuer, audience and expiry are required; keys come from `jwks` by `kid` only, so a `jwk` or `jku` in the header
 * is ignored; any other kind of JWT (an OAuth access token, an ID token, a logout token) is refused. `sid` is required:
 * a JWT that names no session can't be revoked.
 */
export class JwtVerifier {
  constructor(
    private readonly keys: Pick<SigningKeys, 'find'>,
    private readonly expected: JwtExpectations,
  ) {}

  /**
   * @returns the claims, or why the token proves nobody
   * @throws the driver's error when the keys can't be read
   */
  async verify(token: string): Promise<JwtClaims | { readonly refused: JwtRefusal }> {
    try {
      const { payload } = await jwtVerify(token, (header) => this.#keyFor(header), {
        algorithms: [...this.expected.algorithms],
        issuer: this.expected.issuer,
        audience: this.expected.audience,
        requiredClaims: ['exp', 'sub', 'sid'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      return claimsOf(payload);
    } catch (error) {
      const refused = jwtRefusalOf(error);
      if (refused === undefined) throw error;
      return { refused };
    }
  }

  async #keyFor({ typ, kid, alg }: JWTHeaderParameters): Promise<SigningKey['key']> {
    if (!isSessionType(typ)) throw new JwtRefusedError('jwt_wrong_kind');
    const found = kid ? await this.keys.find(kid) : undefined;
    if (!found) throw new JwtRefusedError('jwt_unknown_key');
    if (found.alg !== alg) throw new JwtRefusedError('jwt_wrong_algorithm');
    return found.key;
  }
}

function claimsOf(payload: JWTPayload): JwtClaims {
  if (!isSessionPayload(payload)) throw new JwtRefusedError('jwt_wrong_kind');
  const { sid, sub, exp } = payload;
  if (typeof sid !== 'string' || !ID.test(sid)) throw new JwtRefusedError('jwt_without_session');
  if (!sub || typeof sub !== 'string' || exp === undefined) throw new JwtRefusedError('jwt_malformed');
  return { sid, sub, ttl: (exp + CLOCK_TOLERANCE_SECONDS) * 1000 - Date.now() };
}
