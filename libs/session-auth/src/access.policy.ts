import { splitRoles, type MembershipRepository } from '@session-guard/core';
import { AuthForbiddenException } from './auth.exceptions.ts';
import type { Identity } from './auth.types.ts';
import type { RouteRules } from './decorators/route-rules.ts';

/**
 * Holds a proven identity against what a route asks for. Synchronous unless the organization's membership must be read.
 *
 * @throws AuthForbiddenException naming what is missing
 */
export function checkAccess(
  rules: RouteRules,
  { user, session, organizationId }: Identity,
  memberships: MembershipRepository,
): void | Promise<void> {
  if (rules.noImpersonation && session?.impersonatedBy) {
    throw new AuthForbiddenException(
      'impersonation_not_allowed',
      'Not allowed while an administrator acts as this user.',
    );
  }
  if (rules.freshWithin !== undefined && !isFresh(session, rules.freshWithin)) {
    throw new AuthForbiddenException('session_not_fresh', 'Sign in again to do this: the session is too old.');
  }
  if (rules.roles && !intersects(rules.roles, splitRoles(user.role))) {
    throw new AuthForbiddenException('role_required', `Requires the role ${rules.roles.join(' or ')}.`);
  }
  if (!rules.activeOrganization && !rules.organizationRoles) return;
  if (!organizationId) {
    throw new AuthForbiddenException('organization_required', 'Choose an active organization first.');
  }
  if (rules.organizationRoles) return checkMembership(rules.organizationRoles, user.id, organizationId, memberships);
}

async function checkMembership(
  required: readonly string[],
  userId: string,
  organizationId: string,
  memberships: MembershipRepository,
): Promise<void> {
  if (!intersects(required, await memberships.rolesOf(userId, organizationId))) {
    throw new AuthForbiddenException(
      'organization_role_required',
      `Requires the organization role ${required.join(' or ')}.`,
    );
  }
}

/** Nobody ever signed in with what has no session. */
function isFresh(session: Identity['session'], seconds: number): boolean {
  return session !== null && Date.now() - session.createdAt.getTime() <= seconds * 1000;
}

function intersects(required: readonly string[], actual: readonly string[]): boolean {
  return required.some((role) => actual.includes(role));
}
