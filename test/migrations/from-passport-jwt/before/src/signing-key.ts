import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { callbackify } from 'node:util';
import { env } from './env.ts';

/** The key a token names, from Better Auth's JWKS over HTTP. */
export function signingKey(_request: unknown, token: string, done: (error: Error | null, key?: string) => void): void {
  callbackify(find)(token, done);
}

async function find(token: string): Promise<string> {
  const { kid } = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid?: string };
  const response = await fetch(`${env.betterAuthUrl}/api/auth/jwks`);
  const { keys } = (await response.json()) as { keys: (JsonWebKey & { kid: string })[] };
  const key = keys.find((candidate) => candidate.kid === kid);
  if (!key) throw new Error('no such key');
  return createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
}
