import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import { ACCESS, ACTIVE_ORG, FRESH, NO_IMPERSONATION, ORG_ROLES, ROLES } from './metadata.keys.ts';

/** Better Auth's `session.freshAge` default, in seconds. */
const DEFAULT_FRESH_AGE = 86_400;

/**
 * Opens a route or a controller to everybody. The guard reads no credential and makes no query there, so
 * `@CurrentUser()` has nothing to give: use {@link OptionalAuth} where a user may be present.
 */
export const AllowAnonymous = (): CustomDecorator => SetMetadata(ACCESS, 'anonymous');

/**
 * Lets a request without a valid session through, with no user. A database that can't answer is still a 503, and
 * a cookie from a foreign origin still a 403 on unsafe methods.
 */
export const OptionalAuth = (): CustomDecorator => SetMetadata(ACCESS, 'optional');

/** Requires a session again where the class is open: a handler beats its class. */
export const RequireAuth = (): CustomDecorator => SetMetadata(ACCESS, 'required');

/**
 * Requires one of the roles in the user's `role` column (Better Auth's `admin` plugin; comma-separated). Does not
 * look at organization roles: that is {@link OrgRoles}.
 *
 * @example @Roles(['admin', 'support'])
 */
export const Roles = (...roles: readonly (string | readonly string[])[]): CustomDecorator =>
  SetMetadata(ROLES, roles.flat());

/** Requires an active organization in the session (`organization` plugin). For membership, see {@link OrgRoles}. */
export const RequireActiveOrg = (): CustomDecorator => SetMetadata(ACTIVE_ORG, true);

/**
 * Requires one of the roles as a member of the session's active organization, read from the `member` table on each
 * request (one statement): a membership has no row trigger, so it is never answered from memory.
 *
 * @example @OrgRoles(['owner', 'admin'])
 */
export const OrgRoles = (...roles: readonly (string | readonly string[])[]): CustomDecorator =>
  SetMetadata(ORG_ROLES, roles.flat());

/** Requires a sign-in within `seconds` (default one day, Better Auth's `freshAge`), by the session's `createdAt`. */
export const RequireFreshSession = (seconds: number = DEFAULT_FRESH_AGE): CustomDecorator =>
  SetMetadata(FRESH, seconds);

/** Refuses an administrator who acts as the user (`admin` plugin, `impersonatedBy`). */
export const DisallowImpersonation = (): CustomDecorator => SetMetadata(NO_IMPERSONATION, true);
