import type { Revocation } from './revocation.payload.ts';

/** A verdict from memory is at most this far behind the database: the bound on a revocation unseen. */
export const PROOF_LIFE_MS = 1_000;

/**
 * Says what must be forgotten, and since when it is certain that nothing was missed.
 *
 * A transport must guarantee, in words:
 * 1. A revocation is announced in the transaction that makes it, or after that has committed; never before.
 * 2. Announcements arrive in the order of commits, and none is left out. Where one may have been (a cut, a restart, a
 *    queue that dropped something), `{ scope: 'all' }` is announced before anything that came later.
 * 3. {@link provenAt} is an instant *t* of this process's monotonic clock (`performance.now()`), such that everything
 *    committed before *t* was announced here already. It moves ahead only by proof, such as a message of one's own that
 *    went through the same queue: then *t* is when it was **sent**. An open connection proves nothing.
 * 4. It is -Infinity while that isn't known. Then nothing is answered from memory, and nothing is wrong.
 *
 * What can't guarantee this (Redis pub/sub, a queue without order) can't be a feed.
 *
 * @example
 * AuthModule.forRoot({ …, revocations: myFeed });
 */
export interface RevocationFeed {
  readonly provenAt: number;

  /**
   * Calls back for each revocation. Synchronous: when the listener returns, memory has forgotten.
   *
   * @returns what ends it
   */
  subscribe(listener: (revocation: Revocation) => void): () => void;

  /** Begins to listen. Resolves after the first attempt, whether it worked or not; it keeps trying by itself. */
  start(): Promise<void>;

  stop(): Promise<void>;
}

/** Where revocations aren't announced: nothing is ever certain, so nothing is remembered. */
export const NO_FEED: RevocationFeed = {
  provenAt: -Infinity,
  subscribe: () => () => undefined,
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
};

/** Whether a verdict from memory can be at most {@link PROOF_LIFE_MS} behind the database. @param now monotonic, ms */
export function isProven(feed: RevocationFeed, now: number): boolean {
  return now - feed.provenAt < PROOF_LIFE_MS;
}
