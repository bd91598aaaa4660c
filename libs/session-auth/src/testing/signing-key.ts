import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { insert, type Queryable } from './database.ts';

/** An Ed25519 key whose public half is in `jwks`. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
}

/**
 * Adds a signing key to Better Auth's `jwks` table. Better Auth keeps the private half there, encrypted; ours stays
 * in memory, so a real Better Auth on the same database can't sign with this key: let it create its own first.
 */
export async function createSigningKey(database: Queryable, kid: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA');
  await insert(database, 'jwks', {
    id: kid,
    publicKey: JSON.stringify(await exportJWK(publicKey)),
    privateKey: 'kept by the test',
    // Better Auth signs with its newest key: an old one doesn't get in its way.
    createdAt: new Date(0),
    alg: 'EdDSA',
    crv: 'Ed25519',
  });
  return { kid, privateKey };
}

/** Signs a JWT as Better Auth's jwt plugin does. @param expiresIn seconds from now; negative for an expired one */
export function signJwt({ kid, privateKey }: SigningKey, payload: JWTPayload, expiresIn: number): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ iat: now, exp: now + expiresIn, ...payload })
    .setProtectedHeader({ alg: 'EdDSA', kid })
    .sign(privateKey);
}
