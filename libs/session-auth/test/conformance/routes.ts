import { of, type Observable } from 'rxjs';
import { Column, Entity } from 'typeorm';
import {
  AllowAnonymous,
  CurrentSession,
  CurrentUser,
  DisallowImpersonation,
  OptionalAuth,
  OrgRoles,
  RequireActiveOrg,
  RequireFreshSession,
  Roles,
  UserEntity,
  type AuthenticatedSession,
  type AuthenticatedUser,
} from '@session-guard/auth';

/** A team's own user, with a custom field of Better Auth's `user.additionalFields`. */
@Entity({ name: 'user', synchronize: false })
export class AppUser extends UserEntity {
  @Column({ type: 'text', nullable: true, insert: false, update: false })
  plan!: string | null;
}

/** What every route answers: whom the guard saw. */
export interface Seen {
  readonly userId: string | null;
  readonly email?: string | null;
  readonly plan?: string | null;
  readonly sessionId?: string | null;
  /** The session's columns that have a value. */
  readonly columns?: readonly string[];
}

function seen(user: AuthenticatedUser | null, session: AuthenticatedSession | null): Observable<string> {
  const answer: Seen = {
    userId: user?.id ?? null,
    email: user?.email ?? null,
    plan: (user as AppUser | null)?.plan ?? null,
    sessionId: session?.id ?? null,
    columns: Object.entries(session ?? {}).flatMap(([column, value]) => (value === undefined ? [] : [column])),
  };
  // An observable is what all four transports can answer with, event streams included.
  return of(JSON.stringify(answer));
}

export type RouteName =
  | 'anonymous'
  | 'optional'
  | 'required'
  | 'adminOnly'
  | 'activeOrganization'
  | 'organizationOwner'
  | 'freshSession'
  | 'notImpersonated';

/**
 * The same guarded handlers for every transport: what differs is how a handler is reached.
 *
 * @param reach makes the transport's method decorator, e.g. Nest's own `Get` or `SubscribeMessage`
 */
export function routesFor(reach: (name: RouteName) => MethodDecorator) {
  class Routes {
    @AllowAnonymous()
    @reach('anonymous')
    anonymous() {
      return seen(null, null);
    }

    @OptionalAuth()
    @reach('optional')
    optional(@CurrentUser() user: AuthenticatedUser | null, @CurrentSession() session: AuthenticatedSession | null) {
      return seen(user, session);
    }

    @reach('required')
    required(@CurrentUser() user: AuthenticatedUser, @CurrentSession() session: AuthenticatedSession) {
      return seen(user, session);
    }

    @Roles(['admin', 'support'])
    @reach('adminOnly')
    adminOnly(@CurrentUser() user: AuthenticatedUser, @CurrentSession() session: AuthenticatedSession) {
      return seen(user, session);
    }

    @RequireActiveOrg()
    @reach('activeOrganization')
    activeOrganization(@CurrentUser() user: AuthenticatedUser, @CurrentSession() session: AuthenticatedSession) {
      return seen(user, session);
    }

    @OrgRoles(['owner'])
    @reach('organizationOwner')
    organizationOwner(@CurrentUser() user: AuthenticatedUser, @CurrentSession() session: AuthenticatedSession) {
      return seen(user, session);
    }

    @RequireFreshSession(3_600)
    @reach('freshSession')
    freshSession(@CurrentUser() user: AuthenticatedUser, @CurrentSession() session: AuthenticatedSession) {
      return seen(user, session);
    }

    @DisallowImpersonation()
    @reach('notImpersonated')
    notImpersonated(@CurrentUser() user: AuthenticatedUser, @CurrentSession() session: AuthenticatedSession) {
      return seen(user, session);
    }
  }
  return Routes;
}
