export { composeVerifier, credentialSchemes, type Composition, type HostApplication } from './compose.ts';
export { resolveConfig, type VerifierConfig } from './config.ts';
export { BEARER_SCHEME } from './credentials/bearer.schemes.ts';
export { COOKIE_SCHEME } from './credentials/cookie.scheme.ts';
export type { CredentialScheme, SchemeDocument, SecurityDefinition } from './credentials/credential.scheme.ts';
export { originAllowed } from './credentials/origin.policy.ts';
export { signToken } from './credentials/signed-token.ts';
export { sessionCookieName, type CookieNaming } from './credentials/session-cookie.ts';
export { TOKEN_LOOKUP, TOKEN_LOOKUP_SIGNATURE } from './grants/token.lookup.ts';
export { grantVerification, revokeVerification, type VerificationGrants } from './grants/verification.grants.ts';
export type { Log } from './log.ts';
export type { SessionLookup, SessionRecord } from './lookup/session.lookup.ts';
export { SessionRepository } from './lookup/session.repository.ts';
export { InProcessMemory } from './memory/in-process.memory.ts';
export type { Load, Memory } from './memory/memory.ts';
export type { AuthObserver, ChannelState, VerdictResult, VerdictSource } from './observer.ts';
export type { CacheOptions, JwtOptions, VerifierOptions, VersionedSecret } from './options.ts';
export { MembershipRepository, splitRoles } from './organization/membership.repository.ts';
export { identifier, literal } from './postgres/identifier.ts';
export { NoticeListener, PooledConnectionError, type NoticeHandlers } from './postgres/notice.listener.ts';
export type { PreparedPool } from './postgres/prepared-statement.ts';
export { rowsOf, type SqlRunner } from './postgres/sql.runner.ts';
export { isOutdatedPlan, SQLSTATE, sqlStateOf } from './postgres/sqlstate.ts';
export type {
  CredentialKind,
  LookupRefusal,
  Principal,
  RefusalReason,
  Refused,
  RequestHeaders,
  Resolved,
  SessionRow,
  StoredPrincipal,
  UserRow,
} from './principal.ts';
export { PostgresRevocationFeed } from './revocation/postgres.feed.ts';
export { isProven, NO_FEED, PROOF_LIFE_MS, type RevocationFeed } from './revocation/revocation.feed.ts';
export { concerns, revocationKey, type Revocation } from './revocation/revocation.payload.ts';
export { installRevocation, ROW_TRIGGER, uninstallRevocation } from './revocation/revocation.triggers.ts';
export { columnsSql, SIMILAR_TABLES_SQL, type FoundColumn, type SimilarTable } from './schema/auth.catalog.ts';
export type { AuthSchema, ColumnMap, TableMap } from './schema/auth.schema.ts';
export { adminPluginProblems, missingTableProblem, tableProblems, type ExpectedTable } from './schema/auth.shape.ts';
export { SessionVerifier, type AcceptedVerdict, type RefusedVerdict, type Verdict } from './session.verifier.ts';
export { AuthStartupError } from './startup.error.ts';
