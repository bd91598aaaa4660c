import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { MemoryRateLimiter } from './memory.rate-limiter.ts';
import { RateLimiter, WINDOW_MS, type RateLimitState } from './rate-limiter.ts';

/** Milliseconds Redis may take: a limit must not become the delay. */
const COMMAND_TIMEOUT_MS = 250;

/** One step on the server, so that a key never stays without its end. */
const HIT = `
local hits = redis.call('INCR', KEYS[1])
if hits == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {hits, redis.call('PTTL', KEYS[1])}`;

/** Counters shared by all instances. While Redis is away each instance counts by itself: a wider limit. */
export class RedisRateLimiter extends RateLimiter {
  readonly #logger = new Logger('RateLimit');
  readonly #redis: Redis;
  readonly #fallback = new MemoryRateLimiter();
  #away = false;

  constructor(url: string) {
    super();
    this.#redis = new Redis(url, {
      commandTimeout: COMMAND_TIMEOUT_MS,
      connectTimeout: 2_000,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) => Math.min(attempt * 200, 5_000),
    });
    this.#redis.on('error', (error: Error & { code?: string }) => this.#lose(error));
    this.#redis.on('ready', () => (this.#away = false));
  }

  override async hit(kind: 'user' | 'address', key: string): Promise<RateLimitState> {
    try {
      const answer: unknown = await this.#redis.eval(HIT, 1, `session-guard:rate:${kind}:${key}`, WINDOW_MS);
      const [hits, resetMs] = Array.isArray(answer) ? answer.map(Number) : [];
      if (hits === undefined || resetMs === undefined) throw new Error('Redis answered something else than a count');
      return { hits, resetMs: Math.max(resetMs, 0) };
    } catch (error) {
      this.#lose(error instanceof Error ? error : new Error('Redis failed'));
      return this.#fallback.hit(kind, key);
    }
  }

  override close(): void {
    this.#redis.disconnect();
  }

  /** Said once an outage; by code, since the message may name the host. */
  #lose(error: Error & { code?: string }): void {
    if (!this.#away)
      this.#logger.warn(
        `Redis does not answer (${error.code ?? error.name}): this instance counts rates by itself until it does`,
      );
    this.#away = true;
  }
}
