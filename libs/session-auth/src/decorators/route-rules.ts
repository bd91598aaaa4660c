import 'reflect-metadata';
import { ACCESS, ACTIVE_ORG, FRESH, NO_IMPERSONATION, ORG_ROLES, ROLES } from './metadata.keys.ts';

/** Who may reach a route, as its decorators say. */
export interface RouteRules {
  readonly access: 'required' | 'optional' | 'anonymous';
  readonly roles: readonly string[] | undefined;
  readonly activeOrganization: boolean;
  readonly organizationRoles: readonly string[] | undefined;
  /** Seconds since sign-in at most. */
  readonly freshWithin: number | undefined;
  readonly noImpersonation: boolean;
}

type Handler = (...args: never[]) => unknown;
type Controller = abstract new (...args: never[]) => unknown;

const cache = new WeakMap<object, WeakMap<object, RouteRules>>();

/** The rules of a handler in its class; the handler's metadata beats the class's. Read once, then remembered. */
export function routeRules(handler: Handler, controller: Controller): RouteRules {
  let ofClass = cache.get(controller);
  if (!ofClass) cache.set(controller, (ofClass = new WeakMap()));
  let rules = ofClass.get(handler);
  if (!rules) ofClass.set(handler, (rules = readRules(handler, controller)));
  return rules;
}

function readRules(handler: Handler, controller: Controller): RouteRules {
  const read = (key: string): unknown => Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller);
  return {
    access: (read(ACCESS) as RouteRules['access'] | undefined) ?? 'required',
    roles: read(ROLES) as string[] | undefined,
    activeOrganization: (read(ACTIVE_ORG) as boolean | undefined) ?? false,
    organizationRoles: read(ORG_ROLES) as string[] | undefined,
    freshWithin: read(FRESH) as number | undefined,
    noImpersonation: (read(NO_IMPERSONATION) as boolean | undefined) ?? false,
  };
}
