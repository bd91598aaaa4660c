import { HttpException, Inject, Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { checkAccess } from './access.policy.ts';
import { AUTH_CONFIG } from './auth.constants.ts';
import type { AuthConfig } from './auth.config.ts';
import { AuthForbiddenException, SessionStoreUnavailableException, UnauthenticatedException } from './auth.exceptions.ts';
import type { GuardedRequest, RefusalReason } from './auth.types.ts';
import type { ContextAdapter } from './contexts/context.adapter.ts';
import { contextAdapter } from './contexts/context.registry.ts';
import { originAllowed } from './credentials/origin.policy.ts';
import { routeRules, type RouteRules } from './decorators/route-rules.ts';
import { MembershipRepository } from './organization/membership.repository.ts';
import { SessionEvents } from './session.events.ts';
import { SessionVerifier, type AcceptedVerdict, type Verdict } from './session.verifier.ts';

/** One request on its way through the guard. */
interface Passage {
  readonly context: ExecutionContext;
  readonly adapter: ContextAdapter;
  readonly rules: RouteRules;
  readonly request: GuardedRequest;
}

/**
 * Lets a request through when it carries a valid Better Auth session, and puts `user` and `session` on it. Closed
 * unless a decorator opens the route. Answers 401 (who are you?), 403 (not you) and 503 (can't tell now) apart.
 *
 * An ordinary injectable class. In tests `overrideProvider(SessionGuard)` replaces the one that guards every route,
 * `overrideGuard(SessionGuard)` those of `@UseGuards(SessionGuard)`. A subclass may override the protected steps.
 */
@Injectable()
export class SessionGuard implements CanActivate {
  protected readonly logger = new Logger('SessionGuard');

  constructor(
    // Named explicitly: esbuild and tsx emit no constructor types to inject by.
    @Inject(SessionVerifier) private readonly verifier: SessionVerifier,
    @Inject(MembershipRepository) private readonly memberships: MembershipRepository,
    @Inject(SessionEvents) private readonly events: SessionEvents,
    @Inject(AUTH_CONFIG) private readonly config: AuthConfig,
  ) {}

  /**
   * Synchronous for a remembered credential, so that a warm request waits for nothing.
   *
   * @throws UnauthenticatedException 401, AuthForbiddenException 403, SessionStoreUnavailableException 503
   */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const rules = routeRules(context.getHandler() as () => unknown, context.getClass());
    if (rules.access === 'anonymous') return true;
    const adapter = contextAdapter(context);
    const passage: Passage = { context, adapter, rules, request: adapter.requestOf(context) };
    const verdict = this.verifier.verify(passage.request.headers);
    return verdict instanceof Promise ? this.decideLater(passage, verdict) : this.decide(passage, verdict);
  }

  private async decideLater(passage: Passage, pending: Promise<Verdict>): Promise<boolean> {
    let verdict: Verdict;
    try {
      verdict = await pending;
    } catch (error) {
      throw this.unavailable(passage, error);
    }
    return this.decide(passage, verdict);
  }

  private decide(passage: Passage, verdict: Verdict): boolean | Promise<boolean> {
    const { rules, request, adapter, context } = passage;
    if ('refused' in verdict) {
      if (rules.access === 'optional') {
        // A socket's messages share one request, and other middleware may have left its idea of a user on it.
        if (request.user) delete request.user;
        if (request.session) delete request.session;
        return true;
      }
      throw this.unauthenticated(passage, verdict.refused);
    }
    if (
      verdict.credential === 'cookie' &&
      !originAllowed(request, this.config.trustedOrigins, adapter.alwaysChecksOrigin ?? false)
    ) {
      const untrusted = new AuthForbiddenException(
        'origin_not_trusted',
        'With the session cookie, an unsafe request must come from a trusted Origin. Send a Bearer token instead, or add the origin to trustedOrigins.',
      );
      untrusted.userId = verdict.identity.user.id;
      throw this.refusal(passage, untrusted);
    }
    const { identity } = verdict;
    let access: void | Promise<void>;
    try {
      access = checkAccess(rules, identity, this.memberships);
    } catch (error) {
      throw this.forbidden(passage, error, identity.user.id);
    }
    if (access) return this.admitLater(passage, verdict, access);
    request.user = identity.user;
    request.session = identity.session;
    adapter.accepted?.(context, request, this.events);
    return true;
  }

  private async admitLater(passage: Passage, { identity }: AcceptedVerdict, access: Promise<void>): Promise<boolean> {
    try {
      await access;
    } catch (error) {
      throw error instanceof HttpException ? this.forbidden(passage, error, identity.user.id) : this.unavailable(passage, error);
    }
    const { request, adapter, context } = passage;
    request.user = identity.user;
    request.session = identity.session;
    adapter.accepted?.(context, request, this.events);
    return true;
  }

  /** The 401. The reason is logged at debug level and never sent. RFC 6750 §3: no error code without a credential. */
  protected unauthenticated(passage: Passage, reason: RefusalReason): Error {
    this.logger.debug(`Refused: ${reason}`);
    const challenge = `Bearer realm="${this.config.realm}"`;
    this.#setHeader(passage, 'WWW-Authenticate', reason === 'missing' ? challenge : `${challenge}, error="invalid_token"`);
    return this.refusal(passage, new UnauthenticatedException(reason));
  }

  /** The 403 of a proven identity. */
  protected forbidden(passage: Passage, error: unknown, userId: string): Error {
    if (!(error instanceof AuthForbiddenException)) throw error;
    error.userId = userId;
    this.logger.debug(`Forbidden: ${error.code}`);
    this.#setHeader(passage, 'WWW-Authenticate', `Bearer realm="${this.config.realm}", error="insufficient_scope"`);
    return this.refusal(passage, error);
  }

  /** The 503 when the database can't answer. The cause is logged by its code: a driver's message may name the host. */
  protected unavailable(passage: Passage, cause: unknown): Error {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : cause instanceof Error ? cause.name : 'unknown';
    this.logger.warn(`The session could not be checked: ${code}`);
    const unavailable = new SessionStoreUnavailableException(cause);
    this.#setHeader(passage, 'Retry-After', String(unavailable.retryAfter));
    return this.refusal(passage, unavailable);
  }

  /** What is thrown for a refusal: the transport's own kind of error where it has one. */
  protected refusal({ adapter, context }: Passage, error: HttpException): Error {
    return adapter.refusal?.(error, context) ?? error;
  }

  #setHeader({ adapter, context }: Passage, name: string, value: string): void {
    adapter.setHeader?.(context, name, value);
  }
}
