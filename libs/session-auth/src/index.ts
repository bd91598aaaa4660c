export { AuthModule } from './auth.module.ts';
export type { AuthModuleExtras } from './auth.module-definition.ts';
export type { AuthModuleOptions, CacheOptions, JwtOptions, LookupLimit, VersionedSecret } from './auth.options.ts';
export type { AuthObserver, ChannelState, VerdictResult, VerdictSource } from './auth.observer.ts';
export type {
  AuthTypes,
  AuthenticatedSession,
  AuthenticatedUser,
  CredentialKind,
  GuardedRequest,
  Identity,
  RefusalReason,
} from './auth.types.ts';
export {
  AuthForbiddenException,
  SessionStoreUnavailableException,
  UnauthenticatedException,
  type AuthProblem,
  type ForbiddenCode,
} from './auth.exceptions.ts';
export { guardedRequest, identityOf } from './contexts/context.registry.ts';
export { AuthStartupError } from './startup/auth-startup.error.ts';
export type { ContextAdapter } from './contexts/context.adapter.ts';
export {
  AllowAnonymous,
  DisallowImpersonation,
  OptionalAuth,
  OrgRoles,
  RequireActiveOrg,
  RequireAuth,
  RequireFreshSession,
  Roles,
} from './decorators/access.decorators.ts';
export { CurrentSession, CurrentUser } from './decorators/current-user.decorator.ts';
export { routeRules, type RouteRules } from './decorators/route-rules.ts';
export { SessionEntity } from './entities/session.entity.ts';
export { UserEntity } from './entities/user.entity.ts';
export type { SqlRunner } from './database/sql.runner.ts';
export { grantVerification, revokeVerification, type VerificationGrants } from './database/verification.grants.ts';
export { installRevocation, uninstallRevocation } from './revocation/revocation.triggers.ts';
export { SessionEvents, type SessionEnd } from './session.events.ts';
export { SessionGuard, type GuardedCall } from './session.guard.ts';
export { SessionRepository, type SessionRecord } from './session.repository.ts';
export { SessionVerifier, type AcceptedVerdict, type Verdict } from './session.verifier.ts';
