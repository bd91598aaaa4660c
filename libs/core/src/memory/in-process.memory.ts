import type { Refused, StoredPrincipal } from '../principal.ts';
import { isProven, PROOF_LIFE_MS, type RevocationFeed } from '../revocation/revocation.feed.ts';
import { principalOf, type Load, type Memory } from './memory.ts';
import { PendingLookups } from './pending.lookups.ts';
import { RememberedPrincipals, type MemoryLimits } from './remembered.principals.ts';

/** Loads of one request when revocations keep overtaking it; the last one's answer counts, unremembered. */
const MAX_LOADS = 3;

interface RunningLoad {
  readonly startedAt: number;
  readonly answer: Promise<StoredPrincipal | Refused>;
}

/**
 * Memory of this process. Refusals aren't kept, so unknown tokens take no room; who was revoked is forgotten before
 * anybody who subscribes to the feed later hears of it.
 */
export class InProcessMemory implements Memory {
  readonly #principals: RememberedPrincipals;
  readonly #pending = new PendingLookups();
  readonly #running = new Map<string, RunningLoad>();

  /** @param onChange told how many credentials are remembered, after each load */
  constructor(
    limits: MemoryLimits,
    private readonly feed: RevocationFeed,
    private readonly onChange: (remembered: number) => void = () => undefined,
  ) {
    this.#principals = new RememberedPrincipals(limits);
    feed.subscribe((revocation) => {
      this.#pending.revoke(revocation);
      if (revocation.scope === 'all') this.#principals.clear();
      else this.#principals.forget(revocation.key);
    });
  }

  get size(): number {
    return this.#principals.size;
  }

  /** Bytes of what is remembered, roughly. */
  get bytes(): number {
    return this.#principals.bytes;
  }

  peek(key: string): StoredPrincipal | null {
    const now = performance.now();
    return isProven(this.feed, now) ? this.#principals.get(key, now) : null;
  }

  recall(key: string, load: Load): StoredPrincipal | Promise<StoredPrincipal | Refused> {
    return this.peek(key) ?? this.#shared(key, load);
  }

  /** Loads at the same time share one, unless it is so old that it may miss a revocation past the bound. */
  #shared(key: string, load: Load): Promise<StoredPrincipal | Refused> {
    const startedAt = performance.now();
    const other = this.#running.get(key);
    if (other && startedAt - other.startedAt < PROOF_LIFE_MS) return other.answer;
    const answer = this.#load(key, load).finally(() => {
      if (this.#running.get(key)?.answer === answer) this.#running.delete(key);
    });
    this.#running.set(key, { startedAt, answer });
    return answer;
  }

  async #load(key: string, load: Load): Promise<StoredPrincipal | Refused> {
    for (let attempt = 1; ; attempt += 1) {
      const lookup = this.#pending.begin();
      const startedAt = performance.now();
      try {
        const loaded = await load();
        if ('refused' in loaded) return loaded;
        const isStale = this.#pending.isStale(lookup, loaded.endedBy);
        if (!isStale) this.#principals.set(key, loaded, startedAt + loaded.ttlMs);
        if (!isStale || attempt === MAX_LOADS) {
          this.onChange(this.#principals.size);
          return principalOf(loaded);
        }
      } finally {
        this.#pending.end(lookup);
      }
    }
  }
}
