import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ENV } from '../env.module.ts';
import type { Env } from '../env.ts';
import { clientAddress } from './client-address.ts';
import { pass } from './rate-limit.guard.ts';
import { RateLimiter } from './rate-limiter.ts';

/**
 * Counts requests that proved nobody against their address: whoever tries tokens is stopped. Asked after the
 * refusal, so that a neighbour behind the same address whose token is good is never stopped by it.
 */
@Injectable()
export class RefusalLimit {
  constructor(
    private readonly limiter: RateLimiter,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** @throws {ProblemException} 429 once the address has been refused too often this minute */
  count(request: FastifyRequest, reply: FastifyReply): void | Promise<void> {
    const limit = this.env.rateLimit;
    if (limit === undefined) return;
    const state = this.limiter.hit('address', clientAddress(request.ip));
    if (state instanceof Promise) return state.then((late) => void pass(late, limit, reply));
    pass(state, limit, reply);
  }
}
