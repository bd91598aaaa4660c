import type { RevocationFeed } from '../src/revocation/revocation.feed.ts';
import type { Revocation } from '../src/revocation/revocation.payload.ts';

/** A feed in the test's hand. */
export class FeedInHand implements RevocationFeed {
  isProven = true;
  readonly #listeners = new Set<(revocation: Revocation) => void>();

  get provenAt(): number {
    return this.isProven ? performance.now() : -Infinity;
  }

  get subscribers(): number {
    return this.#listeners.size;
  }

  subscribe(listener: (revocation: Revocation) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  announce(revocation: Revocation): void {
    for (const listener of this.#listeners) listener(revocation);
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
