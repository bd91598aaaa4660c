/** Injection tokens. Internal. */
export const AUTH_CONFIG = Symbol('session-guard:config');
export const AUTH_SCHEMA = Symbol('session-guard:schema');
/** Everything of the core that the module puts together. */
export const COMPOSITION = Symbol('session-guard:composition');
export const AUTH_ENTITIES = Symbol('session-guard:entities');
/** Whether the guard is global: what OpenAPI security is derived from. */
export const GUARDS_ALL_ROUTES = Symbol('session-guard:guards-all-routes');

/**
 * Where the guard keeps what it proved, apart from `user` and `session`, which express-session, cookie-session,
 * `@fastify/session` and passport call their own. `null` means that the guard ran and proved nobody. The name is known
 * to `@session-guard/isolation`, which imports nothing of this library.
 */
export const PROVEN: unique symbol = Symbol.for('session-guard:identity');
