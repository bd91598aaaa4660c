import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ENV } from '../env.module.ts';
import type { Env } from '../env.ts';
import { ProblemException } from '../http/problem.exception.ts';
import { clientAddress } from './client-address.ts';
import { RATE_LIMIT } from './rate-limit.decorators.ts';
import { RateLimiter, type RateLimitState } from './rate-limiter.ts';

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
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** @throws {ProblemException} 429 */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const rule = this.#ruleOf(context);
    if (!rule) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { user } = request;
    const state = user ? this.limiter.hit('user', user.id + rule.suffix) : this.limiter.hit('address', clientAddress(request.ip) + rule.suffix);
    return state instanceof Promise ? state.then((late) => pass(late, rule.limit, reply)) : pass(state, rule.limit, reply);
  }

  #ruleOf(context: ExecutionContext): Rule | undefined {
    const handler = context.getHandler();
    if (this.#rules.has(handler)) return this.#rules.get(handler);
    const own: unknown = Reflect.getMetadata(RATE_LIMIT, handler) ?? Reflect.getMetadata(RATE_LIMIT, context.getClass());
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

/** Sets the headers, and throws when the limit is passed. */
export function pass({ hits, resetMs }: RateLimitState, limit: number, reply: FastifyReply): true {
  const reset = Math.ceil(resetMs / 1_000);
  reply.header('ratelimit-limit', limit);
  reply.header('ratelimit-remaining', hits < limit ? limit - hits : 0);
  reply.header('ratelimit-reset', reset);
  if (hits > limit) throw new ProblemException(429, { headers: { 'retry-after': String(Math.max(reset, 1)) } });
  return true;
}
