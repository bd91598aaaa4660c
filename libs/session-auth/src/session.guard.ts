import { MembershipRepository, type RefusalReason } from '@session-guard/core';
import { HttpException, Inject, Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { checkAccess } from './access.policy.ts';
import { AUTH_CONFIG } from './auth.constants.ts';
import type { AuthConfig } from './auth.config.ts';
import type { LookupLimit } from './auth.options.ts';
import {
  AuthForbiddenException,
  SessionStoreUnavailableException,
  UnauthenticatedException,
} from './auth.exceptions.ts';
import type { Identity } from './auth.types.ts';
import { contextAdapter } from './contexts/context.registry.ts';
import type { GuardedCall } from './contexts/guarded-call.ts';
import { prove, proveNobody } from './contexts/proven.identity.ts';
import { routeRules } from './decorators/route-rules.ts';
import { originProblem } from './origin.check.ts';
import { SessionEvents } from './session.events.ts';
import { SessionVerifier, type Verdict } from './session.verifier.ts';

/**
 * Lets a request through when it carries a valid Better Auth session, and keeps whose it is for `@CurrentUser()` and
 * the like. Closed unless a decorator opens the route. Tells 401 (who?), 403 (not you) and 503 (can't tell now) apart.
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
    const call: GuardedCall = { context, adapter, rules, request: adapter.requestOf(context) };
    const { lookupLimit } = this.config;
    if (lookupLimit === undefined) return this.judge(call);
    const known = this.verifier.recall(call.request.headers);
    return known ? this.decide(call, known) : this.judgeLimited(call, lookupLimit);
  }

  private judge(call: GuardedCall): boolean | Promise<boolean> {
    const verdict = this.verifier.verify(call.request.headers);
    return verdict instanceof Promise ? this.decideLater(call, verdict) : this.decide(call, verdict);
  }

  /** Before the database is asked, whoever limits it may refuse. */
  private async judgeLimited(call: GuardedCall, limit: LookupLimit): Promise<boolean> {
    limit.begin(call.request);
    try {
      return await this.judge(call);
    } finally {
      limit.end(call.request);
    }
  }

  private async decideLater(call: GuardedCall, pending: Promise<Verdict>): Promise<boolean> {
    const verdict = await pending.catch((error: unknown) => {
      throw this.unavailable(call, error);
    });
    return this.decide(call, verdict);
  }

  private decide(call: GuardedCall, verdict: Verdict): boolean | Promise<boolean> {
    const { rules, request, adapter } = call;
    if ('refused' in verdict) {
      if (rules.access === 'optional') {
        proveNobody(request);
        return true;
      }
      throw this.unauthenticated(call, verdict.refused);
    }
    const untrusted = originProblem(verdict, request, this.config.trustedOrigins, adapter.alwaysChecksOrigin ?? false);
    if (untrusted) throw this.refusal(call, untrusted);
    const { identity } = verdict;
    let access: void | Promise<void>;
    try {
      access = checkAccess(rules, identity, this.memberships);
    } catch (error) {
      throw this.forbidden(call, error, identity.user.id);
    }
    return access ? this.admitLater(call, identity, access) : this.admit(call, identity);
  }

  private admit({ request, adapter, context }: GuardedCall, identity: Identity): true {
    prove(request, identity);
    adapter.accepted?.(context, request, this.events);
    return true;
  }

  private async admitLater(call: GuardedCall, identity: Identity, access: Promise<void>): Promise<boolean> {
    try {
      await access;
    } catch (error) {
      throw error instanceof HttpException
        ? this.forbidden(call, error, identity.user.id)
        : this.unavailable(call, error);
    }
    return this.admit(call, identity);
  }

  /** The 401. The reason is logged at debug level and never sent. RFC 6750 §3: no error code without a credential. */
  protected unauthenticated(call: GuardedCall, reason: RefusalReason): Error {
    this.logger.debug(`Refused: ${reason}`);
    const challenge = `Bearer realm="${this.config.realm}"`;
    this.setHeader(call, 'WWW-Authenticate', reason === 'missing' ? challenge : `${challenge}, error="invalid_token"`);
    return this.refusal(call, new UnauthenticatedException(reason));
  }

  /** The 403 of a proven identity. */
  protected forbidden(call: GuardedCall, error: unknown, userId: string): Error {
    if (!(error instanceof AuthForbiddenException)) throw error;
    error.userId = userId;
    this.logger.debug(`Forbidden: ${error.code}`);
    this.setHeader(call, 'WWW-Authenticate', `Bearer realm="${this.config.realm}", error="insufficient_scope"`);
    return this.refusal(call, error);
  }

  /** The 503 when the database can't answer. The cause is logged by its code: a driver's message may name the host. */
  protected unavailable(call: GuardedCall, cause: unknown): Error {
    const { code, name } = Object(cause) as { readonly code?: string; readonly name?: string };
    this.logger.warn(`The session could not be checked: ${code ?? name ?? 'unknown'}`);
    const unavailable = new SessionStoreUnavailableException(cause);
    this.setHeader(call, 'Retry-After', String(unavailable.retryAfter));
    return this.refusal(call, unavailable);
  }

  /** What is thrown for a refusal: the transport's own kind of error where it has one. */
  protected refusal({ adapter, context }: GuardedCall, error: HttpException): Error {
    return adapter.refusal?.(error, context) ?? error;
  }

  private setHeader({ adapter, context }: GuardedCall, name: string, value: string): void {
    adapter.setHeader?.(context, name, value);
  }
}
