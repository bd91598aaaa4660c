import { OwnerBusyError } from '../isolation.error.ts';

/** What one owner holds, and who waits for it, in order of arrival. */
interface Share {
  held: number;
  readonly waiting: Waiting[];
}

interface Waiting {
  /** Which of all who ever waited. */
  readonly number: number;
  readonly admit: () => void;
}

/** How many places there are. */
export interface OwnerPlacesOptions {
  /** Places one owner may hold at once. */
  readonly each: number;
  /** Places of all owners together. @default no bound */
  readonly all?: number;
  /** Milliseconds to wait for a place; 0 waits for ever, as in pg's pool. */
  readonly waitMs: number;
}

/**
 * Places for work, such as the pool's connections, which owners share fairly: one owner holds so many at once, and all
 * together so many. One that comes free goes to whoever holds the least, so that those who ask for much wait for each
 * other, and nobody waits for all of them.
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
   * Waits until the owner may have one more place. Without an owner there is no bound.
   *
   * @returns gives the place back; call it once
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

  /** Whose turn it is: the owner who holds the least, and of several the one who waits longest. */
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
