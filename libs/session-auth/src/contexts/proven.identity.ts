import { PROVEN } from '../auth.constants.ts';
import type { GuardedRequest, Identity } from '../auth.types.ts';

/** What the guard proved of a request: null for nobody, undefined where it didn't run. */
export function provenIdentity(request: GuardedRequest): Identity | null | undefined {
  return request[PROVEN];
}

/** Keeps what was proven, and shows it as `request.user` and `request.session` where nobody else's lives. */
export function prove(request: GuardedRequest, identity: Identity): void {
  const shown = request[PROVEN];
  request[PROVEN] = identity;
  if (isOurs(request, 'user', shown?.user)) request.user = identity.user;
  if (!isOurs(request, 'session', shown?.session ?? undefined)) return;
  if (identity.session) request.session = identity.session;
  else delete request.session;
}

/** Takes back what an earlier message on the same request proved; a socket's messages share one. */
export function proveNobody(request: GuardedRequest): void {
  const shown = request[PROVEN];
  request[PROVEN] = null;
  if (shown && request.user === shown.user) delete request.user;
  if (shown && request.session === shown.session) delete request.session;
}

function isOurs(request: GuardedRequest, name: 'user' | 'session', shown: object | undefined): boolean {
  if (shown) return request[name] === shown;
  return !(name in request) || isEmpty(request, name);
}

/**
 * A place kept free by a decorator of Fastify's. An accessor is somebody's, whatever it says: cookie-session saves what
 * it is given.
 */
function isEmpty(request: GuardedRequest, name: 'user' | 'session'): boolean {
  let holder: unknown = request;
  while (typeof holder === 'object' && holder !== null) {
    const property = Object.getOwnPropertyDescriptor(holder, name);
    if (property) return 'value' in property && (property.value === null || property.value === undefined);
    holder = Object.getPrototypeOf(holder);
  }
  return true;
}
