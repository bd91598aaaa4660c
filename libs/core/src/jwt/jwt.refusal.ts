import { errors } from 'jose';

/** Why a JWT proves nobody. */
export type JwtRefusal =
  | 'jwt_malformed'
  | 'jwt_wrong_kind'
  | 'jwt_wrong_algorithm'
  | 'jwt_unknown_key'
  | 'jwt_bad_signature'
  | 'jwt_expired'
  | 'jwt_not_yet_valid'
  | 'jwt_wrong_issuer'
  | 'jwt_wrong_audience'
  | 'jwt_wrong_user'
  | 'jwt_without_session';

/** Thrown where a JWT is refused before or after jose's own checks. */
export class JwtRefusedError extends Error {
  constructor(readonly refusal: JwtRefusal) {
    super(refusal);
  }
}

const BY_CODE: Readonly<Record<string, JwtRefusal>> = {
  [errors.JWTExpired.code]: 'jwt_expired',
  [errors.JWSSignatureVerificationFailed.code]: 'jwt_bad_signature',
  [errors.JOSEAlgNotAllowed.code]: 'jwt_wrong_algorithm',
};

const BY_CLAIM: Readonly<Record<string, JwtRefusal>> = {
  iss: 'jwt_wrong_issuer',
  aud: 'jwt_wrong_audience',
  nbf: 'jwt_not_yet_valid',
  sid: 'jwt_without_session',
};

/**
 * What an error says of the JWT.
 *
 * @returns undefined for an error that is none of the JWT's, such as a database that is away
 */
export function jwtRefusalOf(error: unknown): JwtRefusal | undefined {
  if (error instanceof JwtRefusedError) return error.refusal;
  // jose's when a key is of another type than its algorithm says, such as HS256 against a public key.
  if (error instanceof TypeError) return 'jwt_wrong_algorithm';
  if (error instanceof errors.JWTClaimValidationFailed) return BY_CLAIM[error.claim] ?? 'jwt_malformed';
  return error instanceof errors.JOSEError ? (BY_CODE[error.code] ?? 'jwt_malformed') : undefined;
}
