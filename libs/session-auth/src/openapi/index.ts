export { createGuardedDocument } from './document.ts';
export { BEARER_SCHEME, COOKIE_SCHEME, securityOf, securitySchemes } from './security.ts';
