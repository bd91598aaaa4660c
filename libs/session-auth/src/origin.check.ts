import { originAllowed } from '@session-guard/core';
import { AuthForbiddenException } from './auth.exceptions.ts';
import type { GuardedRequest } from './auth.types.ts';
import type { AcceptedVerdict } from './session.verifier.ts';

/**
 * Why a request may not act with a credential that its browser attached unasked: it came from a page nobody trusts.
 *
 * @param alwaysChecks also for methods that only read, as sockets need it: what follows may do anything
 * @returns undefined where it may act
 */
export function originProblem(
  { attachedByBrowser, identity }: AcceptedVerdict,
  request: GuardedRequest,
  trustedOrigins: ReadonlySet<string>,
  alwaysChecks: boolean,
): AuthForbiddenException | undefined {
  if (!attachedByBrowser || originAllowed(request, trustedOrigins, alwaysChecks)) return undefined;
  const problem = new AuthForbiddenException(
    'origin_not_trusted',
    'With the session cookie, an unsafe request must come from a trusted Origin. ' +
      'Send a Bearer token instead, or add the origin to trustedOrigins.',
  );
  problem.userId = identity.user.id;
  return problem;
}
