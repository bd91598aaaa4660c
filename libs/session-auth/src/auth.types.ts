import type { PROVEN } from './auth.constants.ts';
import type { SessionEntity } from './entities/session.entity.ts';
import type { UserEntity } from './entities/user.entity.ts';
import type { JwtRefusal } from './jwt/jwt.refusal.ts';

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
  /** Ours unless something else keeps its own there (passport); `@CurrentUser()` and `identityOf()` always give ours. */
  user?: AuthenticatedUser;
  /** Ours unless something else keeps its own there (express-session); `@CurrentSession()` and `identityOf()` always give ours. */
  session?: AuthenticatedSession;
  /** What the guard proved; null for nobody. */
  [PROVEN]?: Identity | null;
}

/** How a credential reached us. */
export type CredentialKind = 'token' | 'signed_token' | 'cookie' | 'jwt';

/**
 * Why a credential was refused. For logs and metrics only: a client is never told.
 *
 * `missing`: none was sent. `unsupported_scheme`: an `Authorization` header of another scheme than Bearer. `malformed`:
 * it can't be any credential. `not_accepted`: of a kind that `bearer` or `jwt` switches off. `bad_signature`: of a cookie
 * or a signed token. `jwt_…`: of a JWT, before its session is looked up. The rest is said of a session that was looked up.
 */
export type RefusalReason =
  | 'missing'
  | 'unsupported_scheme'
  | 'malformed'
  | 'not_accepted'
  | 'bad_signature'
  | JwtRefusal
  | 'unknown_session'
  | 'expired'
  | 'user_missing'
  | 'banned'
  | 'impersonation_over';
