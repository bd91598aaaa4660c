import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ENV } from '../env.module.ts';
import type { Env } from '../env.ts';
import { clientAddress } from './client-address.ts';
import { RATE_LIMIT } from './rate-limit.decorators.ts';
import { RateLimiter } from './rate-limiter.ts';
import { enforceLimit, RefusalLimit, settle } from './refusal.limit.ts';

interface Rule {
  readonly limit: number;
  /** Keeps a route's own limit apart from the general one. */
  readonly suffix: string;
}

/**
 * Limits requests a minute: by user once the session guard has let them through, by address where nobody is signed in.
 * Answers at once when the counters are in memory, so that a warm request waits for nothing.
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  readonly #rules = new WeakMap<object, Rule | undefined>();

  constructor(
    private readonly limiter: RateLimiter,
    private readonly refusals: RefusalLimit,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** @throws {ProblemException} 429 */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const rule = this.#ruleOf(context);
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (!rule) {
      request.isCounted = true;
      return true;
    }
    const reply = http.getResponse<FastifyReply>();
    const counted = this.#count(request, reply, rule);
    return counted ? counted.then(() => true) : true;
  }

  #count(request: FastifyRequest, reply: FastifyReply, { limit, suffix }: Rule): void | Promise<void> {
    const { user } = request;
    if (!user && suffix === '') return this.refusals.count(request, reply);
    request.isCounted = true;
    const state = user
      ? this.limiter.hit('user', user.id + suffix)
      : this.limiter.hit('address', clientAddress(request.ip) + suffix);
    return settle(state, (known) => enforceLimit(known, limit, reply));
  }

  #ruleOf(context: ExecutionContext): Rule | undefined {
    const handler = context.getHandler();
    if (this.#rules.has(handler)) return this.#rules.get(handler);
    const own: unknown =
      Reflect.getMetadata(RATE_LIMIT, handler) ?? Reflect.getMetadata(RATE_LIMIT, context.getClass());
    const general = this.env.rateLimit;
    const rule =
      own === false || general === undefined
        ? undefined
        : typeof own === 'number'
          ? { limit: own, suffix: ` ${context.getClass().name}.${handler.name}` }
          : { limit: general, suffix: '' };
    this.#rules.set(handler, rule);
    return rule;
  }
}
