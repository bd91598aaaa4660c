import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import type pg from 'pg';

/** How a client shows its session. */
export type CredentialKind = 'bearer' | 'signed' | 'cookie' | 'jwt';

/** A session in the database, and the headers that show it. */
export interface LiveSession {
  readonly id: string;
  readonly userId: string;
  /** Never printed. */
  readonly token: string;
  readonly kind: CredentialKind;
  readonly headers: Readonly<Record<string, string>>;
}

const KINDS: readonly CredentialKind[] = ['bearer', 'signed', 'cookie', 'jwt'];

/**
 * Writes users and sessions as Better Auth does (32 characters of id and token, one row each) and makes the four
 * credentials Better Auth would hand out for them.
 */
export class People {
  #made = 0;
  /** Every token handed out, to look for where none may be. */
  readonly tokens = new Set<string>();

  private constructor(
    private readonly database: pg.Pool,
    private readonly options: { readonly secret: string; readonly origin: string },
    private readonly key: { readonly id: string; readonly privateKey: CryptoKey },
  ) {}

  /** @param options `origin` is Better Auth's: issuer and audience of the JWTs, and a trusted Origin */
  static async create(database: pg.Pool, options: { secret: string; origin: string }): Promise<People> {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
    const id = randomUUID();
    await database.query(
      'insert into jwks (id, "publicKey", "privateKey", "createdAt", alg, crv) ' +
        "values ($1, $2, 'kept by the signer', now(), 'EdDSA', 'Ed25519')",
      [id, JSON.stringify(await exportJWK(publicKey))],
    );
    return new People(database, options, { id, privateKey });
  }

  /** @returns the new user's id */
  async signUp(): Promise<string> {
    const id = text();
    await this.database.query('insert into "user" (id, name, email, "emailVerified") values ($1, $2, $3, true)', [
      id,
      'Somebody',
      `${id}@example.com`,
    ]);
    return id;
  }

  /** @param lifeMs how long the session lasts, by the database's clock */
  async signIn(
    userId: string,
    { kind = this.#nextKind(), lifeMs = 3_600_000 }: { kind?: CredentialKind; lifeMs?: number } = {},
  ): Promise<LiveSession> {
    const id = text();
    const token = text();
    await this.database.query(
      'insert into session (id, token, "userId", "expiresAt", "createdAt", "updatedAt") ' +
        'values ($1, $2, $3, now() + make_interval(secs => $4), now(), now())',
      [id, token, userId, lifeMs / 1000],
    );
    this.tokens.add(token);
    return { id, userId, token, kind, headers: await this.#headers(kind, { id, token, userId }) };
  }

  /** A sign-out, as Better Auth's: resolves when the database has committed it. */
  async signOut({ token }: LiveSession): Promise<void> {
    await this.database.query('delete from session where token = $1', [token]);
  }

  #nextKind(): CredentialKind {
    return KINDS[this.#made++ % KINDS.length] ?? 'bearer';
  }

  async #headers(
    kind: CredentialKind,
    session: { id: string; token: string; userId: string },
  ): Promise<Record<string, string>> {
    const signature = createHmac('sha256', this.options.secret).update(session.token).digest('base64');
    const signed = `${session.token}.${signature}`;
    if (kind === 'bearer') return { authorization: `Bearer ${session.token}` };
    if (kind === 'signed') return { authorization: `Bearer ${signed}` };
    if (kind === 'cookie')
      return { cookie: `better-auth.session_token=${encodeURIComponent(signed)}`, origin: this.options.origin };
    const jwt = await new SignJWT({ sid: session.id })
      .setProtectedHeader({ alg: 'EdDSA', kid: this.key.id })
      .setSubject(session.userId)
      .setIssuer(this.options.origin)
      .setAudience(this.options.origin)
      .setIssuedAt()
      .setExpirationTime('15m')
      .sign(this.key.privateKey);
    return { authorization: `Bearer ${jwt}` };
  }
}

function text(): string {
  return randomBytes(16).toString('hex');
}
