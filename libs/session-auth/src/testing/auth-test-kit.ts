import { randomBytes } from 'node:crypto';
import { sessionCookieName, signToken, type CookieNaming } from '@session-guard/core';
import type { JWTPayload } from 'jose';
import { insert, update, type Queryable, type Row } from './database.ts';
import { createSigningKey, signJwt, type SigningKey } from './signing-key.ts';

const WEEK_MS = 7 * 86_400_000;
const QUARTER_HOUR_SECONDS = 900;

/** What the application under test was given, and the database as its owner. */
export interface AuthTestKitOptions extends CookieNaming {
  readonly database: Queryable;
  readonly secret: string;
  /** Makes ids, e.g. `randomUUID` where Better Auth's `generateId` is `uuid`. Default: 32 letters and digits. */
  readonly generateId?: () => string;
}

/** A row of `user`: every column the kit has set. */
export type TestUser = Row & { readonly id: string; readonly name: string; readonly email: string };

/** Somebody with a session, and every credential for it. */
export interface SignedIn {
  readonly user: TestUser;
  readonly userId: string;
  readonly sessionId: string;
  /** The raw token, for `Authorization: Bearer`. Headers: `{ authorization: 'Bearer ' + token }`. */
  readonly token: string;
  /** `<token>.<signature>`. */
  readonly signedToken: string;
  /** `name=value`, for a `Cookie` header. */
  readonly cookie: string;
}

/**
 * Users and sessions in Better Auth's tables, without Better Auth: rows are written by SQL, credentials signed with
 * the secret.
 *
 * @example
 * const kit = new AuthTestKit({ database: pool, secret, baseURL: 'http://localhost:3000' });
 * const ada = await kit.signIn({ role: 'admin' });
 * await request(server).get('/me').set('Authorization', `Bearer ${ada.token}`).expect(200);
 * await kit.revoke(ada.sessionId);
 * await request(server).get('/me').set('Authorization', `Bearer ${ada.token}`).expect(401);
 */
export class AuthTestKit {
  readonly #database: Queryable;
  readonly #generateId: () => string;
  #key: Promise<SigningKey> | undefined;

  constructor(private readonly options: AuthTestKitOptions) {
    this.#database = options.database;
    this.#generateId = options.generateId ?? randomId;
  }

  /** Adds a user. @param columns of `user`, those of plugins and custom fields included */
  async createUser(columns: Row = {}): Promise<TestUser> {
    const id = this.#generateId();
    const user = {
      id,
      name: 'Test User',
      email: `${id.toLowerCase()}@example.com`,
      emailVerified: true,
      createdAt: new Date(),
      updatedAt: new Date(),
      ...columns,
    };
    await insert(this.#database, 'user', user);
    return user;
  }

  /** Adds a session of a user. @param columns of `session`, e.g. `{ expiresAt: new Date(0) }` */
  async createSession(user: TestUser, columns: Row = {}): Promise<SignedIn> {
    const id = this.#generateId();
    const token = randomId();
    const now = new Date();
    await insert(this.#database, 'session', {
      id,
      token,
      userId: user.id,
      createdAt: now,
      updatedAt: now,
      expiresAt: new Date(now.getTime() + WEEK_MS),
      ...columns,
    });
    const signedToken = `${token}.${signToken(token, this.options.secret)}`;
    return {
      user,
      userId: user.id,
      sessionId: id,
      token,
      signedToken,
      cookie: `${sessionCookieName(this.options)}=${encodeURIComponent(signedToken)}`,
    };
  }

  /** A new user with a new session. */
  async signIn(user: Row = {}, session: Row = {}): Promise<SignedIn> {
    return this.createSession(await this.createUser(user), session);
  }

  /** A JWT of a session, as the jwt plugin issues it; claims given override its own. @param expiresIn seconds */
  async jwt(
    { userId, sessionId }: SignedIn,
    claims: JWTPayload = {},
    expiresIn: number = QUARTER_HOUR_SECONDS,
  ): Promise<string> {
    this.#key ??= createSigningKey(this.#database, this.#generateId());
    const { origin } = new URL(this.options.baseURL);
    return signJwt(await this.#key, { sub: userId, sid: sessionId, iss: origin, aud: origin, ...claims }, expiresIn);
  }

  /** What sign-out does. */
  async revoke(sessionId: string): Promise<void> {
    await this.#database.query('delete from "session" where id = $1', [sessionId]);
  }

  /** Moves a session's end a second into the past. */
  async expire(sessionId: string): Promise<void> {
    await this.#database.query(`update "session" set "expiresAt" = now() - interval '1 second' where id = $1`, [
      sessionId,
    ]);
  }

  /** Bans a user (`admin` plugin) without touching their sessions: the half that a verifier must see itself. */
  async ban(userId: string, until: Date | null = null): Promise<void> {
    await update(this.#database, 'user', userId, { banned: true, banExpires: until });
  }

  /** Deletes a user, and by the foreign key their sessions. */
  async deleteUser(userId: string): Promise<void> {
    await this.#database.query('delete from "user" where id = $1', [userId]);
  }

  /** Changes columns of a user, e.g. `{ role: 'admin' }`. */
  async updateUser(userId: string, columns: Row): Promise<void> {
    await update(this.#database, 'user', userId, columns);
  }

  /** Adds an organization (`organization` plugin). @returns its id */
  async createOrganization(name: string = 'Test Organization'): Promise<string> {
    const id = this.#generateId();
    await insert(this.#database, 'organization', { id, name, slug: id.toLowerCase(), createdAt: new Date() });
    return id;
  }

  /** Makes a user a member of an organization. @param role one role, or several separated by commas */
  async join(organizationId: string, userId: string, role: string = 'member'): Promise<void> {
    await insert(this.#database, 'member', {
      id: this.#generateId(),
      organizationId,
      userId,
      role,
      createdAt: new Date(),
    });
  }
}

/** 32 letters and digits, as Better Auth's own ids and tokens. */
function randomId(): string {
  return randomBytes(48)
    .toString('base64')
    .replaceAll(/[^a-zA-Z0-9]/g, '')
    .slice(0, 32)
    .padEnd(32, '0');
}
