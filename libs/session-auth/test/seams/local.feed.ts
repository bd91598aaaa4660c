import type { Revocation, RevocationFeed } from '@session-guard/auth';

/**
 * Revocations of a made-up auth server that runs in the same process, in one file, added by one option.
 *
 * Proof, by the four sentences of the contract:
 * 1. `revoke()` announces after its change has committed, and awaits that.
 * 2. Changes are made one after the other, and a listener is called before `revoke()` returns. Nothing is queued, so
 *    nothing is dropped. A change that failed half way announces everything.
 * 3. Between two calls of `revoke()` everything that was committed has been announced, so now is proven. While one is
 *    under way its change may be committed and not yet announced, so proof ends when it began.
 * 4. Before `start()` and after `stop()` nobody listens, so nothing is proven.
 */
export class LocalFeed implements RevocationFeed {
  readonly #listeners = new Set<(revocation: Revocation) => void>();
  #isStarted = false;
  #changing: { readonly since: number; readonly done: Promise<void> } | null = null;

  get provenAt(): number {
    if (!this.#isStarted) return -Infinity;
    return this.#changing?.since ?? performance.now();
  }

  subscribe(listener: (revocation: Revocation) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  start(): Promise<void> {
    this.#isStarted = true;
    this.#announce({ scope: 'all' });
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#isStarted = false;
    return Promise.resolve();
  }

  /** Makes a change of the auth server's, and announces what it ends. */
  async revoke(revocation: Revocation, change: () => Promise<unknown>): Promise<void> {
    while (this.#changing) await this.#changing.done;
    let finish: () => void = () => undefined;
    this.#changing = { since: performance.now(), done: new Promise((resolve) => (finish = resolve)) };
    let ended: Revocation = { scope: 'all' };
    try {
      await change();
      ended = revocation;
    } finally {
      this.#announce(ended);
      this.#changing = null;
      finish();
    }
  }

  #announce(revocation: Revocation): void {
    for (const listener of this.#listeners) listener(revocation);
  }
}
