import { isUnfitValue } from '../postgres/sqlstate.ts';

/** Statements under way before further lookups are gathered. Two keep the database busy while one answer is read. */
const STATEMENTS = 2;

/** Milliseconds a lookup is held back at most: statements that don't return must not hold up the ones after them. */
const LINGER_MS = 25;

/** Keys of one statement at most. */
const MAX_KEYS = 256;

interface Waiting<Found> {
  readonly key: string;
  readonly resolve: (found: Found | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lookups by key, of which those that arrive while others are under way share a statement. A lookup on its own is sent
 * at once; a burst of them (everybody signs in, memory was dropped) becomes a few statements on a few connections.
 *
 * @example const sessions = new BatchedLookup((tokens) => selectByTokens(tokens));
 */
export class BatchedLookup<Found> {
  #waiting: Waiting<Found>[] = [];
  #statements = 0;
  #linger: NodeJS.Timeout | undefined;

  /** @param load answers for the keys that were found; those it leaves out were not */
  constructor(private readonly load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Found>>) {}

  /**
   * @returns what `load` has for the key, read after this call
   * @throws what `load` throws, to all that shared the statement
   */
  find(key: string): Promise<Found | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject });
      if (this.#statements < STATEMENTS) this.#sendWaiting();
      else this.#linger ??= setTimeout(() => this.#sendWaiting(), LINGER_MS);
    });
  }

  #sendWaiting(): void {
    clearTimeout(this.#linger);
    this.#linger = undefined;
    while (this.#waiting.length > 0) void this.#send(this.#waiting.splice(0, MAX_KEYS));
  }

  async #send(batch: readonly Waiting<Found>[]): Promise<void> {
    this.#statements += 1;
    try {
      const found = await this.load(batch.map(({ key }) => key));
      for (const { key, resolve } of batch) resolve(found.get(key));
    } catch (error) {
      // A value that can't be what the column holds isn't there.
      if (!isUnfitValue(error)) for (const { reject } of batch) reject(error);
      else if (batch.length === 1) batch[0]?.resolve(undefined);
      // One of them spoils it for all: each on its own.
      else for (const each of batch) void this.#send([each]);
    } finally {
      this.#statements -= 1;
      if (this.#statements < STATEMENTS && this.#waiting.length > 0) this.#sendWaiting();
    }
  }
}
