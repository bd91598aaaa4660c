import { createHmac } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import pg from 'pg';
import { createAuth } from './peers/better-auth.ts';
import { CLIENTS, tokenOf } from './seed.ts';

export type CredentialKind = 'bearer' | 'cookie' | 'eddsa' | 'hs256' | 'cached-cookie';

/** A thousand clients' headers for each kind, as `Name: value`. */
export type Credentials = Readonly<Partial<Record<CredentialKind, readonly string[]>>>;

export interface Issuer {
  readonly databaseUrl: string;
  readonly secret: string;
  /** Better Auth's origin. */
  readonly origin: string;
}

/** Issues what Better Auth would. @returns the headers, and the public key of the EdDSA tokens as a JWK */
export async function issueCredentials(issuer: Issuer): Promise<{ credentials: Credentials; publicKey: string }> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const jwk = JSON.stringify(await exportJWK(publicKey));
  await storeKey(issuer.databaseUrl, jwk);
  const clients = Array.from({ length: CLIENTS }, (_, index) => index + 1);
  const cookies = clients.map((client) => sessionCookie(tokenOf(client), issuer.secret));
  const tokens = (alg: 'EdDSA' | 'HS256', key: CryptoKey | Uint8Array): Promise<string[]> =>
    Promise.all(clients.map(async (client) => `Authorization: Bearer ${await token(client, alg, key, issuer.origin)}`));
  return {
    publicKey: jwk,
    credentials: {
      bearer: clients.map((client) => `Authorization: Bearer ${tokenOf(client)}`),
      cookie: cookies.map((cookie) => `Cookie: ${cookie}`),
      eddsa: await tokens('EdDSA', privateKey),
      hs256: await tokens('HS256', new TextEncoder().encode(issuer.secret)),
    },
  };
}

const KEY_ID = 'benchmark';

async function storeKey(databaseUrl: string, publicKey: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    'insert into jwks (id, "publicKey", "privateKey", "createdAt", alg, crv) ' +
      "values ($1, $2, 'kept by the benchmark', now(), 'EdDSA', 'Ed25519')",
    [KEY_ID, publicKey],
  );
  await client.end();
}

function sessionCookie(sessionToken: string, secret: string): string {
  const signature = createHmac('sha256', secret).update(sessionToken).digest('base64');
  return `better-auth.session_token=${encodeURIComponent(`${sessionToken}.${signature}`)}`;
}

function token(client: number, alg: 'EdDSA' | 'HS256', key: CryptoKey | Uint8Array, origin: string): Promise<string> {
  return new SignJWT({ sid: `session-${client}` })
    .setProtectedHeader(alg === 'EdDSA' ? { alg, kid: KEY_ID } : { alg })
    .setSubject(`user-${client}`)
    .setIssuer(origin)
    .setAudience(origin)
    .setIssuedAt()
    .setExpirationTime('12h')
    .sign(key);
}

/**
 * The session cookies with the `session_data` cookie that Better Auth sets beside them when its cookie cache is on.
 * Asked of Better Auth itself, since the cookie's form is its own affair.
 */
export async function issueCachedCookies(issuer: Issuer): Promise<string[]> {
  const auth = createAuth(issuer, { cookieCache: true });
  const both: string[] = [];
  for (let client = 1; client <= CLIENTS; client += 1) {
    const cookie = sessionCookie(tokenOf(client), issuer.secret);
    const response = await auth.handler(new Request(`${issuer.origin}/api/auth/get-session`, { headers: { cookie } }));
    const set = response.headers.getSetCookie().map((header) => header.split(';')[0] ?? '');
    const data = set.filter((pair) => pair.includes('session_data'));
    if (data.length === 0) throw new Error(`Better Auth set no session_data cookie (${response.status}).`);
    both.push(`Cookie: ${[cookie, ...data].join('; ')}`);
  }
  await auth.options.database.end();
  return both;
}
