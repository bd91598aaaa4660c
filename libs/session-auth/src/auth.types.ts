import type { Principal } from '@session-guard/core';
import type { PROVEN } from './auth.constants.ts';
import type { SessionEntity } from './entities/session.entity.ts';
import type { UserEntity } from './entities/user.entity.ts';

/**
 * The types `@CurrentUser()` and `@CurrentSession()` hand out. A team with custom fields augments it:
 * `declare module '@session-guard/auth' { interface AuthTypes { user: AppUser } }`.
 */
export interface AuthTypes {}

/** Who makes the request: Better Auth's user row, frozen. */
export type AuthenticatedUser = AuthTypes extends { user: infer User } ? User & UserEntity : UserEntity;

type SessionRow = AuthTypes extends { session: infer Session } ? Session & SessionEntity : SessionEntity;

/** The session that authenticated the request, frozen. It never carries the token. */
export type AuthenticatedSession = Omit<SessionRow, 'token' | 'user'>;

/** What a verified credential proves: who asks, and by what right. Its session is null where there is none. */
export type Identity = Principal<AuthenticatedUser, AuthenticatedSession>;

/** What the guard puts on a request it lets through; both are absent on anonymous ones. */
export interface GuardedRequest {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Ours unless passport, say, keeps its own there; `@CurrentUser()` and `identityOf()` always give ours. */
  user?: AuthenticatedUser;
  /** Ours unless express-session, say, keeps its own there; `@CurrentSession()` and `identityOf()` always give ours. */
  session?: AuthenticatedSession;
  /** What the guard proved; null for nobody. */
  [PROVEN]?: Identity | null;
}
