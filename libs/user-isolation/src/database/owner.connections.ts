import { OwnerBusyError } from '../isolation.error.ts';

/** What one owner holds, and who waits for it. */
interface Share {
  held: number;
  readonly waiting: Array<() => void>;
}

/**
 * Bounds how many connections one owner holds at once, so that one user's slow work leaves some for everybody else.
 * Whoever is over the bound waits for the owner's own connections, in order of arrival.
 */
export class OwnerConnections {
  readonly #shares = new Map<string, Share>();

  /**
   * @param most connections an owner may hold at once
   * @param waitMs milliseconds to wait for one of them to come free; 0 waits for ever, as in pg's pool
   */
  constructor(
    private readonly most: number,
    private readonly waitMs: number,
  ) {}

  /**
   * Waits until the owner may have one more connection. Without an owner there is no bound.
   *
   * @returns gives the place back; call it once, when the connection is released
   * @throws {OwnerBusyError} when none came free in time
   */
  async take(owner: string | undefined): Promise<() => void> {
    if (owner === undefined) return () => undefined;
    const share = this.#shares.get(owner) ?? { held: 0, waiting: [] };
    this.#shares.set(owner, share);
    if (share.held >= this.most) await this.#wait(share);
    else share.held += 1;
    return () => this.#giveBack(owner, share);
  }

  /** A place that is handed on stays counted as held. */
  #giveBack(owner: string, share: Share): void {
    const next = share.waiting.shift();
    if (next !== undefined) {
      next();
      return;
    }
    share.held -= 1;
    if (share.held === 0) this.#shares.delete(owner);
  }

  #wait(share: Share): Promise<void> {
    return new Promise((resolve, reject) => {
      const take = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const giveUp = (): void => {
        share.waiting.splice(share.waiting.indexOf(take), 1);
        reject(new OwnerBusyError(this.most, this.waitMs));
      };
      const timer = this.waitMs > 0 ? setTimeout(giveUp, this.waitMs) : undefined;
      share.waiting.push(take);
    });
  }
}
