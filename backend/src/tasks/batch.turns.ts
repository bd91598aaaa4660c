import { Inject, Injectable } from '@nestjs/common';
import { Isolation, OwnerPlaces } from '@session-guard/isolation';

/** Batches that are worked on at once, of all users: each keeps the database and this process busy for a second. */
const BATCHES_AT_ONCE = 2;
/** Milliseconds a batch waits for its turn. */
const WAIT_MS = 5_000;

/** Lets a few batches be worked on at once, one a user, so that the work of many leaves room for everything short. */
@Injectable()
export class BatchTurns {
  readonly #places = new OwnerPlaces({ each: 1, all: BATCHES_AT_ONCE, waitMs: WAIT_MS });

  constructor(@Inject(Isolation) private readonly isolation: Isolation) {}

  /** Does `work` in its turn. @throws {OwnerBusyError} when that didn't come in time */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const giveBack = await this.#places.take(this.isolation.userId);
    try {
      return await work();
    } finally {
      giveBack();
    }
  }
}
