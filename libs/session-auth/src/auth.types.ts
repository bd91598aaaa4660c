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

/** What a verified credential proves. */
export interface Identity {
  readonly user: AuthenticatedUser;
  readonly session: AuthenticatedSession;
}

/** What the guard puts on a request it lets through; both are absent on anonymous ones. */
export interface GuardedRequest {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  user?: AuthenticatedUser;
  session?: AuthenticatedSession;
}

/** How a credential reached us. */
export type CredentialKind = 'token' | 'signed_token' | 'cookie' | 'jwt';

/** Why a credential was refused. For logs and metrics only: a client is never told. */
export type RefusalReason =
  | 'missing'
  | 'malformed'
  | 'bad_signature'
  | 'bad_jwt'
  | 'unknown_session'
  | 'expired'
  | 'user_missing'
  | 'banned'
  | 'impersonation_over';
