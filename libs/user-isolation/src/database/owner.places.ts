import { OwnerBusyError } from '../isolation.error.ts';

/** The places one owner holds, and its waiting requests in order of arrival. */
interface Share {
  held: number;
  readonly waiting: Waiting[];
}

interface Waiting {
  /** The position in the order of arrival, over all owners. */
  readonly number: number;
  readonly admit: () => void;
}

/** The limits. */
export interface OwnerPlacesOptions {
  /** Places one owner may hold at once. */
  readonly each: number;
  /** Places of all owners together. @default no bound */
  readonly all?: number;
  /** Milliseconds to wait for a place; 0 waits without a limit, as pg's pool does. */
  readonly waitMs: number;
}

/**
 * A fair limit for work such as connections of the pool: one owner holds at most `each` places at once, all owners
 * together at most `all`. A place that comes free goes to the waiting owner who holds the fewest, so that one owner's
 * many requests delay each other and not those of other owners.
 */
export class OwnerPlaces {
  readonly #shares = new Map<string, Share>();
  readonly #each: number;
  readonly #all: number;
  readonly #waitMs: number;
  #held = 0;
  #number = 0;

  constructor({ each, all = Infinity, waitMs }: OwnerPlacesOptions) {
    this.#each = each;
    this.#all = all;
    this.#waitMs = waitMs;
  }

  /**
   * Waits until the owner may have one more place. Without an owner there is no limit.
   *
   * @returns a function that gives the place back; call it once
   * @throws {OwnerBusyError} when none came free in time
   */
  async take(owner: string | undefined): Promise<() => void> {
    if (owner === undefined) return () => undefined;
    const share = this.#shares.get(owner) ?? { held: 0, waiting: [] };
    this.#shares.set(owner, share);
    if (share.held >= this.#each || this.#held >= this.#all) await this.#wait(owner, share);
    else this.#admit(share);
    return () => this.#giveBack(owner, share);
  }

  #admit(share: Share): void {
    share.held += 1;
    this.#held += 1;
  }

  #giveBack(owner: string, share: Share): void {
    share.held -= 1;
    this.#held -= 1;
    const next = this.#next();
    if (next !== undefined) {
      this.#admit(next);
      next.waiting.shift()?.admit();
    }
    this.#forget(owner, share);
  }

  /** The waiting owner who holds the fewest places; of several, the one who waits longest. */
  #next(): Share | undefined {
    let best: Share | undefined;
    for (const share of this.#shares.values()) {
      const [first] = share.waiting;
      if (first === undefined || share.held >= this.#each) continue;
      const other = best?.waiting[0];
      if (best === undefined || other === undefined || share.held < best.held) best = share;
      else if (share.held === best.held && first.number < other.number) best = share;
    }
    return best;
  }

  #forget(owner: string, share: Share): void {
    if (share.held === 0 && share.waiting.length === 0) this.#shares.delete(owner);
  }

  #wait(owner: string, share: Share): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        number: (this.#number += 1),
        admit: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const giveUp = (): void => {
        share.waiting.splice(share.waiting.indexOf(waiting), 1);
        reject(new OwnerBusyError(share.held, this.#held, this.#waitMs));
        this.#forget(owner, share);
      };
      const timer = this.#waitMs > 0 ? setTimeout(giveUp, this.#waitMs) : undefined;
      share.waiting.push(waiting);
    });
  }
}
