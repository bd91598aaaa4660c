/** Injection tokens. Internal. */
export const AUTH_CONFIG = Symbol('session-guard:config');
export const AUTH_SCHEMA = Symbol('session-guard:schema');
export const AUTH_ENTITIES = Symbol('session-guard:entities');
/** Whether the guard is global: what OpenAPI security is derived from. */
export const GUARDS_ALL_ROUTES = Symbol('session-guard:guards-all-routes');
