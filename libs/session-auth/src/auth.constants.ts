/** Injection tokens. Internal. */
export const AUTH_CONFIG = Symbol('session-guard:config');
export const AUTH_SCHEMA = Symbol('session-guard:schema');
export const AUTH_ENTITIES = Symbol('session-guard:entities');
