import type { Revocation } from '../revocation/revocation.payload.ts';

/** Revocations kept for the lookups under way; more than these, and all of those are looked up again. */
const MAX_REVOCATIONS = 10_000;

/** A lookup that was sent to the database and has not been answered. */
export interface PendingLookup {
  /** Revocations that had arrived when it was sent. */
  readonly after: number;
}

/**
 * Knows which lookups a revocation overtook: the answer may have been read before the revocation, so it is neither
 * remembered nor relied upon. However many revocations arrive while a lookup waits, the room they take is bounded.
 */
export class PendingLookups {
  readonly #pending = new Set<PendingLookup>();
  /** What was revoked since the oldest pending lookup began → the number of its revocation. */
  readonly #revoked = new Map<string, number>();
  #count = 0;
  #allRevoked = 0;

  /** Begins a lookup. {@link end} it, however it ends. */
  begin(): PendingLookup {
    const lookup: PendingLookup = { after: this.#count };
    this.#pending.add(lookup);
    return lookup;
  }

  end(lookup: PendingLookup): void {
    this.#pending.delete(lookup);
    if (this.#pending.size === 0) this.#revoked.clear();
  }

  /** Notes a revocation for the lookups under way. */
  revoke(revocation: Revocation): void {
    if (this.#pending.size === 0) return;
    this.#count += 1;
    if (revocation.scope === 'all' || this.#revoked.size >= MAX_REVOCATIONS) {
      this.#allRevoked = this.#count;
      this.#revoked.clear();
    } else {
      this.#revoked.set(revocation.key, this.#count);
    }
  }

  /** Whether what the lookup found was revoked since it began. @param endedBy digests of the ids that end it */
  isStale({ after }: PendingLookup, endedBy: readonly string[]): boolean {
    return this.#allRevoked > after || endedBy.some((key) => this.#isRevoked(key, after));
  }

  #isRevoked(key: string, after: number): boolean {
    return (this.#revoked.get(key) ?? 0) > after;
  }
}
