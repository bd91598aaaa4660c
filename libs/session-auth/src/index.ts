export { AuthModule } from './auth.module.ts';
export type { AuthModuleExtras } from './auth.module-definition.ts';
export type { AuthModuleOptions, LookupLimit } from './auth.options.ts';
export {
  AuthStartupError,
  grantVerification,
  installRevocation,
  revokeVerification,
  SessionRepository,
  uninstallRevocation,
} from '@session-guard/core';
export type {
  AuthObserver,
  CacheOptions,
  ChannelState,
  CredentialKind,
  CredentialScheme,
  JwtOptions,
  Principal,
  RefusalReason,
  Refused,
  Resolved,
  Revocation,
  RevocationFeed,
  SessionLookup,
  SessionRecord,
  SqlRunner,
  StoredPrincipal,
  VerdictResult,
  VerdictSource,
  VerificationGrants,
  VersionedSecret,
} from '@session-guard/core';
export type { AuthTypes, AuthenticatedSession, AuthenticatedUser, GuardedRequest, Identity } from './auth.types.ts';
export {
  AuthForbiddenException,
  SessionStoreUnavailableException,
  UnauthenticatedException,
  type AuthProblem,
  type ForbiddenCode,
} from './auth.exceptions.ts';
export { guardedRequest, identityOf } from './contexts/context.registry.ts';
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
export { SessionEvents, type SessionEnd } from './session.events.ts';
export type { GuardedCall } from './contexts/guarded-call.ts';
export { SessionGuard } from './session.guard.ts';
export { SessionVerifier, type AcceptedVerdict, type Verdict } from './session.verifier.ts';
