import { Module, type DynamicModule, type OnModuleDestroy } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ENV } from '../env.module.ts';
import type { Env } from '../env.ts';
import { AddressStanding } from './address.standing.ts';
import { MemoryRateLimiter } from './memory.rate-limiter.ts';
import { RateLimitGuard } from './rate-limit.guard.ts';
import { RateLimiter } from './rate-limiter.ts';
import { RefusalLimit } from './refusal.limit.ts';

/** Redis's client is loaded only where Redis is used. */
async function createLimiter({ redisUrl }: Env): Promise<RateLimiter> {
  if (redisUrl === undefined) return new MemoryRateLimiter();
  const { RedisRateLimiter } = await import('./redis.rate-limiter.ts');
  return new RedisRateLimiter(redisUrl);
}

/** Import it after AuthModule: guards run in the order of their modules, and limits count verified users. */
@Module({})
export class RateLimitModule implements OnModuleDestroy {
  constructor(private readonly limiter: RateLimiter) {}

  /** @param standing What AuthModule asks before it looks anybody up. */
  static forRoot(standing: AddressStanding): DynamicModule {
    return {
      module: RateLimitModule,
      providers: [
        { provide: RateLimiter, inject: [ENV], useFactory: createLimiter },
        { provide: AddressStanding, useValue: standing },
        RefusalLimit,
        { provide: APP_GUARD, useClass: RateLimitGuard },
      ],
      exports: [AddressStanding, RefusalLimit],
    };
  }

  async onModuleDestroy(): Promise<void> {
    await this.limiter.close();
  }
}
