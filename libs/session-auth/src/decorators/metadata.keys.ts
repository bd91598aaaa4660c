/** Metadata keys. Internal: applications use the decorators and {@link routeRules}. */
export const ACCESS = 'session-guard:access';
export const ROLES = 'session-guard:roles';
export const ACTIVE_ORG = 'session-guard:active-org';
export const ORG_ROLES = 'session-guard:org-roles';
export const FRESH = 'session-guard:fresh';
export const NO_IMPERSONATION = 'session-guard:no-impersonation';
