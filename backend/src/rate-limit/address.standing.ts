import type { GuardedRequest, LookupLimit } from '@session-guard/auth';
import { ProblemException } from '../http/errors/problem.exception.ts';
import { clientAddress } from './client-address.ts';
import type { RateLimitState } from './rate-limiter.ts';

/** Addresses known at most; about 10 MB. */
const MAX_ADDRESSES = 100_000;

interface Standing {
  refusals: number;
  /** When the window ends, in milliseconds of `performance.now()`. */
  endsAt: number;
  /** Lookups under way. */
  asking: number;
}

/**
 * How often each address proved nobody in this minute, as far as this process knows. Past the limit an address makes
 * no lookup any more: what is remembered is still served, the database hears nothing. Bounded in memory.
 */
export class AddressStanding implements LookupLimit {
  readonly #addresses = new Map<string, Standing>();

  /** @param limit refusals a minute; undefined for none */
  constructor(
    private readonly limit: number | undefined,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Takes note of a count of {@link RefusalLimit}. */
  note(ip: string, { hits, resetMs }: RateLimitState): void {
    const standing = this.#of(clientAddress(ip));
    standing.refusals = Math.max(standing.refusals, hits);
    standing.endsAt = this.now() + resetMs;
  }

  /**
   * The answer an address past its limit gets, undefined while it is within it.
   *
   * @param ip Fastify's `request.ip`
   */
  refusal(ip: string): ProblemException | undefined {
    if (this.limit === undefined || this.#addresses.size === 0) return undefined;
    const standing = this.#live(clientAddress(ip));
    return standing && standing.refusals >= this.limit
      ? rateLimited(this.limit, standing.endsAt - this.now())
      : undefined;
  }

  /** @throws {ProblemException} 429 where the lookups under way may use up what the address has left */
  begin(request: GuardedRequest): void {
    const ip = ipOf(request);
    if (this.limit === undefined || ip === undefined) return;
    const standing = this.#of(clientAddress(ip));
    if (standing.refusals + standing.asking >= this.limit) throw rateLimited(this.limit, standing.endsAt - this.now());
    standing.asking += 1;
  }

  end(request: GuardedRequest): void {
    const ip = ipOf(request);
    const standing = ip === undefined ? undefined : this.#addresses.get(clientAddress(ip));
    if (standing && standing.asking > 0) standing.asking -= 1;
  }

  #of(address: string): Standing {
    const known = this.#live(address);
    if (known) return known;
    const standing = { refusals: 0, endsAt: 0, asking: 0 };
    this.#addresses.set(address, standing);
    const oldest = this.#addresses.keys().next();
    if (this.#addresses.size > MAX_ADDRESSES && !oldest.done) this.#addresses.delete(oldest.value);
    return standing;
  }

  /** Forgets what ended; a lookup that outlives its minute still counts as under way. */
  #live(address: string): Standing | undefined {
    const standing = this.#addresses.get(address);
    if (!standing || standing.endsAt > this.now()) return standing;
    standing.refusals = 0;
    if (standing.asking > 0) return standing;
    this.#addresses.delete(address);
    return undefined;
  }
}

/** 429 with the headers that say when to come back. */
export function rateLimited(limit: number, resetMs: number): ProblemException {
  const reset = String(Math.max(Math.ceil(resetMs / 1_000), 1));
  return new ProblemException(429, {
    headers: {
      'retry-after': reset,
      'ratelimit-limit': String(limit),
      'ratelimit-remaining': '0',
      'ratelimit-reset': reset,
    },
  });
}

function ipOf(request: GuardedRequest): string | undefined {
  return 'ip' in request && typeof request.ip === 'string' ? request.ip : undefined;
}
