import {
  AllowAnonymous,
  DisallowImpersonation,
  OptionalAuth,
  OrgRoles,
  RequireActiveOrg,
  RequireAuth,
  RequireFreshSession,
  Roles,
} from './access.decorators.ts';
import { routeRules } from './route-rules.ts';

const CLOSED = {
  access: 'required',
  roles: undefined,
  activeOrganization: false,
  organizationRoles: undefined,
  freshWithin: undefined,
  noImpersonation: false,
};

class Plain {
  list() {}
  @Roles(['admin'], 'support')
  @OrgRoles('owner')
  @RequireActiveOrg()
  @RequireFreshSession(60)
  @DisallowImpersonation()
  strict() {}
  @RequireFreshSession()
  daily() {}
}

@AllowAnonymous()
@Roles(['admin'])
@RequireFreshSession(60)
class Open {
  list() {}
  @RequireAuth()
  closed() {}
  @OptionalAuth()
  @Roles([])
  perhaps() {}
}

class Inherited extends Plain {}
Roles(['owner'])(Inherited);

describe('routeRules', () => {
  it('a route without a decorator requires a session, and nothing more', () => {
    expect(routeRules(Plain.prototype.list, Plain)).toEqual(CLOSED);
  });

  it('reads each decorator of a handler', () => {
    expect(routeRules(Plain.prototype.strict, Plain)).toEqual({
      access: 'required',
      roles: ['admin', 'support'],
      activeOrganization: true,
      organizationRoles: ['owner'],
      freshWithin: 60,
      noImpersonation: true,
    });
    expect(routeRules(Plain.prototype.daily, Plain)).toEqual({ ...CLOSED, freshWithin: 86_400 });
  });

  it('those of a class hold for each of its handlers, and a handler’s own beat them one by one', () => {
    const ofClass = { ...CLOSED, access: 'anonymous', roles: ['admin'], freshWithin: 60 };
    expect(routeRules(Open.prototype.list, Open)).toEqual(ofClass);
    expect(routeRules(Open.prototype.closed, Open)).toEqual({ ...ofClass, access: 'required' });
    expect(routeRules(Open.prototype.perhaps, Open)).toEqual({ ...ofClass, access: 'optional', roles: [] });
  });

  it('a handler that two classes share has the rules of each', () => {
    expect(routeRules(Inherited.prototype.list, Inherited).roles).toEqual(['owner']);
    expect(routeRules(Plain.prototype.list, Plain).roles).toBeUndefined();
    expect(routeRules(Inherited.prototype.strict, Inherited).roles).toEqual(['admin', 'support']);
  });

  it('are read once', () => {
    expect(routeRules(Plain.prototype.list, Plain)).toBe(routeRules(Plain.prototype.list, Plain));
  });
});
