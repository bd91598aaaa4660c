import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ENV } from '../env.module.ts';
import type { Env } from '../env.ts';
import { AddressStanding, rateLimited } from './address.standing.ts';
import { clientAddress } from './client-address.ts';
import { RateLimiter, type RateLimitState } from './rate-limiter.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether the request is counted already, or belongs to a route without a limit: no request counts twice. */
    isCounted?: boolean;
  }
}

/**
 * Counts requests that prove nobody against their address: refused credentials, open routes, unknown routes, and what
 * is malformed before anybody looks at the credential. A neighbour behind the same address is not stopped by it as
 * long as their credential is remembered.
 */
@Injectable()
export class RefusalLimit {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly standing: AddressStanding,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** @throws {ProblemException} 429 once the address has been counted too often this minute */
  count(request: FastifyRequest, reply: FastifyReply): void | Promise<void> {
    const limit = this.env.rateLimit;
    if (limit === undefined || request.isCounted === true) return;
    request.isCounted = true;
    return settle(this.limiter.hit('address', clientAddress(request.ip)), (state) => {
      this.standing.note(request.ip, state);
      enforceLimit(state, limit, reply);
    });
  }

  /**
   * Counts a request of somebody known that never came as far as the guard that counts users.
   *
   * @throws {ProblemException} 429
   */
  countUser(userId: string, reply: FastifyReply): void | Promise<void> {
    const limit = this.env.rateLimit;
    if (limit === undefined) return;
    return settle(this.limiter.hit('user', userId), (state) => enforceLimit(state, limit, reply));
  }
}

/** Goes on at once where the counters are in this process. */
export function settle(
  state: RateLimitState | Promise<RateLimitState>,
  use: (state: RateLimitState) => void,
): void | Promise<void> {
  return state instanceof Promise ? state.then(use) : use(state);
}

/** Sets the headers, and throws when the limit is passed. */
export function enforceLimit({ hits, resetMs }: RateLimitState, limit: number, reply: FastifyReply): void {
  if (hits > limit) throw rateLimited(limit, resetMs);
  reply.header('ratelimit-limit', limit);
  reply.header('ratelimit-remaining', limit - hits);
  reply.header('ratelimit-reset', Math.ceil(resetMs / 1_000));
}
