import type { MembershipRepository } from '@session-guard/core';
import { filter, map, Subject, take } from 'rxjs';
import type { AuthenticatedSession, AuthenticatedUser, Identity } from '../auth.types.ts';
import type { SessionEnd, SessionEvents } from '../session.events.ts';
import type { SessionVerifier, Verdict } from '../session.verifier.ts';

const YEAR_MS = 365 * 86_400_000;

/**
 * A verifier without a database: knows the tokens it gave out, and nothing else. Everything after the verdict
 * (roles, freshness, decorators, errors) is the real guard's.
 *
 * @example
 * const verifier = new FakeSessionVerifier();
 * const module = await Test.createTestingModule({ imports: [AppModule] })
 *   .overrideProvider(SessionVerifier).useValue(verifier).compile();
 * const token = verifier.signIn({ name: 'Ada', role: 'admin' });
 * await request(app.getHttpServer()).get('/me').set('Authorization', `Bearer ${token}`).expect(200);
 */
export class FakeSessionVerifier implements Pick<SessionVerifier, 'verify' | 'recall'> {
  readonly #identities = new Map<string, Identity>();
  readonly #roles = new Map<string, readonly string[]>();
  readonly #endings = new Subject<string>();
  #failure: Error | undefined;
  #people = 0;

  /** What `SessionEvents` is in {@link FakeAuthModule}: sessions end by {@link signOut}. */
  readonly events: Pick<SessionEvents, 'ended'> = {
    ended: ({ id }) =>
      this.#endings.pipe(
        filter((ended) => ended === id),
        take(1),
        map((): SessionEnd => 'revoked'),
      ),
  };

  /** What the members of organizations are in {@link FakeAuthModule}: those who were {@link join joined}. */
  readonly memberships: Pick<MembershipRepository, 'rolesOf'> = {
    rolesOf: (userId, organizationId) => Promise.resolve(this.#roles.get(`${organizationId} ${userId}`) ?? []),
  };

  /** Signs somebody in. @returns the token, to be sent as `Authorization: Bearer <token>` */
  signIn(user: Partial<AuthenticatedUser> = {}, session: Partial<AuthenticatedSession> = {}): string {
    const number = ++this.#people;
    const token = `fake-token-${number}`;
    const person: AuthenticatedUser = Object.assign(someone(number), user);
    const signedIn = Object.freeze({ ...sessionOf(person.id, number), ...session });
    this.#identities.set(token, {
      user: Object.freeze(person),
      session: signedIn,
      credential: { kind: 'token', id: signedIn.id },
      organizationId: signedIn.activeOrganizationId,
    });
    return token;
  }

  /** Forgets a token: the next request with it is a 401, and open sockets and streams end. */
  signOut(token: string): void {
    const identity = this.#identities.get(token);
    this.#identities.delete(token);
    if (identity?.session) this.#endings.next(identity.session.id);
  }

  /** Makes a user a member of an organization, for `@OrgRoles()`. */
  join(organizationId: string, userId: string, ...roles: readonly string[]): void {
    this.#roles.set(`${organizationId} ${userId}`, roles);
  }

  /** Every verdict fails from now on, as when the database is away: 503. */
  fail(error: Error = new Error('The database is away.')): void {
    this.#failure = error;
  }

  /** Ends the outage of {@link fail}. */
  recover(): void {
    this.#failure = undefined;
  }

  verify(headers: Readonly<Record<string, string | string[] | undefined>>): Verdict | Promise<Verdict> {
    const { authorization } = headers;
    if (typeof authorization !== 'string') return { refused: 'missing', credential: undefined };
    if (this.#failure) return Promise.reject(this.#failure);
    const identity = this.#identities.get(authorization.replace(/^bearer /i, ''));
    return identity
      ? { identity, credential: 'token', attachedByBrowser: false }
      : { refused: 'unknown_session', credential: 'token' };
  }

  /** Everybody it knows is remembered. */
  recall(headers: Readonly<Record<string, string | string[] | undefined>>): Verdict | undefined {
    const verdict = this.#failure ? undefined : this.verify(headers);
    return verdict instanceof Promise ? undefined : verdict;
  }
}

function someone(number: number): AuthenticatedUser {
  const now = new Date();
  return {
    id: `user-${number}`,
    name: `User ${number}`,
    email: `user-${number}@example.com`,
    emailVerified: true,
    image: null,
    createdAt: now,
    updatedAt: now,
    role: null,
    banned: null,
    banReason: null,
    banExpires: null,
  };
}

function sessionOf(userId: string, number: number): AuthenticatedSession {
  const now = new Date();
  return {
    id: `session-${number}`,
    userId,
    createdAt: now,
    updatedAt: now,
    expiresAt: new Date(now.getTime() + YEAR_MS),
    ipAddress: null,
    userAgent: null,
    impersonatedBy: null,
    activeOrganizationId: null,
  };
}
