import type { RefusalReason } from '@session-guard/core';
import { ForbiddenException, ServiceUnavailableException, UnauthorizedException } from '@nestjs/common';

/** Why a proven identity may not do what it asked for. */
export type ForbiddenCode =
  | 'role_required'
  | 'organization_required'
  | 'organization_role_required'
  | 'session_not_fresh'
  | 'impersonation_not_allowed'
  | 'origin_not_trusted';

/** Problem details (RFC 9457) as exceptions of this library carry them in `getResponse()`. */
export interface AuthProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
}

function problem(status: number, title: string, code: string, detail: string): AuthProblem {
  return { type: 'about:blank', title, status, detail, code };
}

/**
 * 401. One body for every cause, so that an answer never tells an unknown token from an expired or a forged one.
 * The cause goes to logs and metrics only.
 */
export class UnauthenticatedException extends UnauthorizedException {
  /** @param reason for logs; not part of the answer */
  constructor(readonly reason?: RefusalReason) {
    super(
      problem(
        401,
        'Unauthorized',
        'unauthenticated',
        'Sign in and send a valid session: a Bearer token or the session cookie.',
      ),
    );
  }
}

/** 403: the session is valid, the request isn't allowed. */
export class AuthForbiddenException extends ForbiddenException {
  /** Who was refused, for logs; set by the guard and not part of the answer. */
  userId?: string;

  constructor(
    readonly code: ForbiddenCode,
    detail: string,
  ) {
    super(problem(403, 'Forbidden', code, detail));
  }
}

/** 503: the session can't be checked now. Never a 401: an outage must not look like a sign-out. */
export class SessionStoreUnavailableException extends ServiceUnavailableException {
  /** Seconds for `Retry-After`. */
  readonly retryAfter = 1;

  constructor(cause?: unknown) {
    super(
      problem(
        503,
        'Service Unavailable',
        'session_store_unavailable',
        'The session could not be checked. Try again shortly.',
      ),
      { cause },
    );
  }
}
