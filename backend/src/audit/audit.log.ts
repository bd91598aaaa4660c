import { AuthForbiddenException, UnauthenticatedException } from '@session-guard/auth';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

/**
 * One line for each request that was refused for who sent it: when, from where, for what, why, and by whom where that
 * is known. Written whatever `LOG_LEVEL` says (but `silent`). No credential, no query string.
 *
 * A flood of refusals is bounded by the limit on refusals of one address, whose 429 says so too.
 */
export class AuditLog {
  readonly #logger: Logger;

  /** @param logger the process's; audit lines carry `"log":"audit"` */
  constructor(logger: Logger) {
    this.#logger = logger.child({ log: 'audit' }, logger.level === 'silent' ? {} : { level: 'info' });
  }

  /** Notes a 401 or 403; ignores other statuses. */
  refused(request: FastifyRequest, exception: unknown, status: number): void {
    if (status !== 401 && status !== 403) return;
    this.#logger.warn(
      {
        reqId: request.id,
        event: status === 401 ? 'authentication.failed' : 'permission.denied',
        reason: reasonOf(exception),
        userId: request.user?.id ?? (exception instanceof AuthForbiddenException ? exception.userId : undefined),
        address: request.ip,
        method: request.method,
        route: request.routeOptions.url,
        status,
      },
      'refused',
    );
  }
}

function reasonOf(exception: unknown): string | undefined {
  if (exception instanceof UnauthenticatedException) return exception.reason;
  return exception instanceof AuthForbiddenException ? exception.code : undefined;
}
