import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedSession, AuthenticatedUser, Identity } from '../auth.types.ts';
import { guardedRequest } from '../contexts/context.registry.ts';
import { provenIdentity } from '../contexts/proven.identity.ts';
import { routeRules, type RouteRules } from './route-rules.ts';

/**
 * The user the request is made by, or one of their columns. Null on an `@OptionalAuth()` route without a session.
 *
 * @throws Error where no SessionGuard ran (an `@AllowAnonymous()` route, or the guard isn't registered): a missing
 * guard is a bug and must not read as "nobody".
 *
 * @example
 * ```ts
 * @Get() list(@CurrentUser() user: AuthenticatedUser) {}
 * @Get() mine(@CurrentUser('id') userId: string) {}
 * ```
 */
export const CurrentUser: (property?: keyof AuthenticatedUser) => ParameterDecorator = createParamDecorator(
  (property: keyof AuthenticatedUser | undefined, context: ExecutionContext) => {
    const user = shownTo(context)?.user;
    if (!user) return absent('CurrentUser', context);
    return property ? user[property] : user;
  },
);

/**
 * The session that authenticated the request, or one of its columns; never the token. Else as {@link CurrentUser}.
 *
 * @throws Error where the credential belongs to no session
 */
export const CurrentSession: (property?: keyof AuthenticatedSession) => ParameterDecorator = createParamDecorator(
  (property: keyof AuthenticatedSession | undefined, context: ExecutionContext) => {
    const shown = shownTo(context);
    const session = shown?.session;
    if (session) return property ? session[property] : session;
    if (!shown?.user) return absent('CurrentSession', context);
    throw new Error(
      `@CurrentSession() in ${placeOf(context)}: the credential (${shown.credential?.kind}) belongs to no session. ` +
        'Use @CurrentUser(), or identityOf(context), whose session may be null.',
    );
  },
);

/**
 * What the guard proved; what a guard that replaces it in a test left on the request, where it didn't run. Nothing on a
 * route that is open: no guard judged this message, and an earlier one of the same socket may have left its user.
 */
function shownTo(context: ExecutionContext): Partial<Identity> | undefined {
  const request = guardedRequest(context);
  const proven = provenIdentity(request);
  // An HTTP request has one handler, which is not open when the guard proved somebody.
  if (proven && context.getType() === 'http') return proven;
  if (accessOf(context) === 'anonymous' || proven === null) return undefined;
  return proven ?? request;
}

function accessOf(context: ExecutionContext): RouteRules['access'] {
  return routeRules(context.getHandler() as () => unknown, context.getClass()).access;
}

function absent(decorator: string, context: ExecutionContext): null {
  const access = accessOf(context);
  if (access === 'optional') return null;
  const where = placeOf(context);
  throw new Error(
    access === 'anonymous'
      ? `@${decorator}() in ${where}: the route is @AllowAnonymous(), so no session is read. Use @OptionalAuth() there.`
      : `@${decorator}() in ${where}: SessionGuard did not run. Import AuthModule, or add @UseGuards(SessionGuard).`,
  );
}

function placeOf(context: ExecutionContext): string {
  return `${context.getClass().name}.${context.getHandler().name}`;
}
