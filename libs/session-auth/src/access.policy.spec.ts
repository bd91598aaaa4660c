import { checkAccess } from './access.policy.ts';
import type { Identity } from './auth.types.ts';
import type { RouteRules } from './decorators/route-rules.ts';

const OPEN: RouteRules = {
  access: 'required',
  roles: undefined,
  activeOrganization: false,
  organizationRoles: undefined,
  freshWithin: undefined,
  noImpersonation: false,
};
const NOW = 1_900_000_000_000;

describe('checkAccess', () => {
  beforeEach(() => jest.spyOn(Date, 'now').mockReturnValue(NOW));
  afterEach(() => jest.restoreAllMocks());

  const asked: string[][] = [];
  const memberships = {
    rolesOf: (userId: string, organizationId: string) => {
      asked.push([userId, organizationId]);
      return Promise.resolve(organizationId === 'org' && userId === 'u1' ? ['member', 'billing'] : []);
    },
  } as unknown as Parameters<typeof checkAccess>[2];
  const identity = (user: object = {}, session: object = {}): Identity =>
    ({
      user: { id: 'u1', role: null, ...user },
      session: { id: 's1', createdAt: new Date(NOW), impersonatedBy: null, activeOrganizationId: null, ...session },
      organizationId: (session as { activeOrganizationId?: string }).activeOrganizationId ?? null,
    }) as Identity;
  const codeOf = async (rules: Partial<RouteRules>, who: Identity): Promise<string> => {
    try {
      await checkAccess({ ...OPEN, ...rules }, who, memberships);
      return 'allowed';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it('asks nothing and waits for nothing where a route has no rules', () => {
    expect(checkAccess(OPEN, identity({ role: 'user' }, { impersonatedBy: 'admin' }), memberships)).toBeUndefined();
  });

  it.each([
    ['admin', 'allowed'],
    ['user,admin', 'allowed'],
    ['user, support', 'allowed'],
    ['user', 'role_required'],
    ['administrator', 'role_required'],
    ['Admin', 'role_required'],
    ['', 'role_required'],
    [null, 'role_required'],
  ])('roles admin or support, user.role %j → %s', async (role, code) => {
    expect(await codeOf({ roles: ['admin', 'support'] }, identity({ role }))).toBe(code);
  });

  it('a route that requires none of no roles lets nobody in', async () => {
    expect(await codeOf({ roles: [] }, identity({ role: 'admin' }))).toBe('role_required');
  });

  it.each([
    [0, 'allowed'],
    [60_000, 'allowed'],
    [60_001, 'session_not_fresh'],
  ])('fresh within a minute, signed in %d ms ago → %s', async (age, code) => {
    expect(await codeOf({ freshWithin: 60 }, identity({}, { createdAt: new Date(NOW - age) }))).toBe(code);
  });

  it('fresh within 0 seconds is a rule too', async () => {
    expect(await codeOf({ freshWithin: 0 }, identity({}, { createdAt: new Date(NOW - 1) }))).toBe('session_not_fresh');
  });

  it('refuses an impersonated session where the route says so', async () => {
    expect(await codeOf({ noImpersonation: true }, identity({}, { impersonatedBy: 'admin' }))).toBe(
      'impersonation_not_allowed',
    );
    expect(await codeOf({ noImpersonation: true }, identity())).toBe('allowed');
  });

  it('an active organization is required without asking for its members', async () => {
    asked.length = 0;
    expect(await codeOf({ activeOrganization: true }, identity())).toBe('organization_required');
    expect(await codeOf({ activeOrganization: true }, identity({}, { activeOrganizationId: 'org' }))).toBe('allowed');
    expect(asked).toEqual([]);
  });

  it('organization roles are those of this user in the active organization', async () => {
    const active = { activeOrganizationId: 'org' };
    expect(await codeOf({ organizationRoles: ['billing'] }, identity({}, active))).toBe('allowed');
    expect(await codeOf({ organizationRoles: ['owner'] }, identity({}, active))).toBe('organization_role_required');
    expect(await codeOf({ organizationRoles: ['member'] }, identity({ id: 'u2' }, active))).toBe(
      'organization_role_required',
    );
    expect(await codeOf({ organizationRoles: ['member'] }, identity({}, { activeOrganizationId: 'other' }))).toBe(
      'organization_role_required',
    );
    expect(await codeOf({ organizationRoles: ['member'] }, identity())).toBe('organization_required');
  });

  it('says what is missing, and never of whom', async () => {
    const message = async (rules: Partial<RouteRules>, session: object = {}) => {
      try {
        await checkAccess({ ...OPEN, ...rules }, identity({}, session), memberships);
      } catch (error) {
        return (error as { getResponse(): { detail: string } }).getResponse().detail;
      }
    };
    expect(await message({ roles: ['admin', 'support'] })).toBe('Requires the role admin or support.');
    expect(await message({ organizationRoles: ['owner', 'admin'] }, { activeOrganizationId: 'org' })).toBe(
      'Requires the organization role owner or admin.',
    );
    expect(await message({ freshWithin: -1 })).toMatch(/Sign in again/);
    expect(await message({ noImpersonation: true }, { impersonatedBy: 'admin' })).toMatch(
      /administrator acts as this user/,
    );
    expect(await message({ activeOrganization: true })).toMatch(/active organization first/);
  });

  it('one rule that holds doesn’t make up for one that doesn’t', async () => {
    const member = identity({ role: 'admin' }, { activeOrganizationId: 'org', impersonatedBy: 'x' });
    expect(await codeOf({ roles: ['admin'], noImpersonation: true }, member)).toBe('impersonation_not_allowed');
    expect(await codeOf({ roles: ['admin'], organizationRoles: ['owner'] }, member)).toBe('organization_role_required');
    expect(await codeOf({ roles: ['owner'], organizationRoles: ['member'] }, member)).toBe('role_required');
  });
});
