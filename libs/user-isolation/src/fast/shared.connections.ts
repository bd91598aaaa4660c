import type { PoolClient, QueryResult } from 'pg';
import { leavesUsable } from '../database/connection.errors.ts';
import type { Checkout } from '../database/typeorm-internals.ts';
import { gatherWrites, pipeline } from './pg-internals.ts';

/** Milliseconds after which an idle shared connection goes back to the pool. */
const IDLE_MS = 50;

/** One shared connection, and the number of its statements without an answer yet. */
class Shared {
  underWay = 0;
  /** Whether it was used since this was last set to false. */
  used = true;
  #opening: Promise<PoolClient> | undefined;
  #client: PoolClient | undefined;
  #giveBack: ((reason?: Error) => void) | undefined;
  #broken: Error | undefined;
  #corked = false;

  constructor(private readonly checkout: () => Promise<Checkout>) {}

  get isBroken(): boolean {
    return this.#broken !== undefined;
  }

  async run(submit: (client: PoolClient) => Promise<QueryResult>): Promise<QueryResult> {
    this.underWay += 1;
    this.used = true;
    try {
      const client = this.#client ?? (await (this.#opening ??= this.#open()));
      if (this.#broken !== undefined) throw this.#broken;
      this.#gather(client);
      return await submit(client);
    } catch (error) {
      if (!leavesUsable(error)) this.#broken ??= error as Error;
      throw error;
    } finally {
      this.underWay -= 1;
    }
  }

  /** Gives the connection back to the pool, which closes a broken one. */
  close(): void {
    this.#giveBack?.(this.#broken);
    this.#giveBack = undefined;
  }

  async #open(): Promise<PoolClient> {
    const [client, release] = await this.checkout();
    const onError = (error: Error): void => void (this.#broken ??= error);
    client.on('error', onError);
    // Only while it is shared: in this mode pg refuses cursors, and TypeORM's streams are cursors.
    pipeline(client, true);
    this.#giveBack = (reason) => {
      pipeline(client, false);
      client.removeListener('error', onError);
      release(reason);
    };
    this.#client = client;
    return client;
  }

  #gather(client: PoolClient): void {
    if (this.#corked) return;
    this.#corked = true;
    const send = gatherWrites(client);
    setImmediate(() => {
      this.#corked = false;
      send();
    });
  }
}

/**
 * A few of the pool's connections on which statements are pipelined: each is sent without waiting for the answers
 * before it. Under load this saves most of a statement's fixed cost: taking and returning a connection, and one write
 * per statement. A single statement still has a connection for itself.
 *
 * Use it only for statements that are always quick: a slow one delays those behind it.
 */
export class SharedConnections {
  readonly #connections = new Set<Shared>();

  /**
   * @param most connections that are shared at once; the pool needs others beside them, for transactions
   * @param checkout takes a connection from the pool
   */
  constructor(
    private readonly most: number,
    private readonly checkout: () => Promise<Checkout>,
  ) {}

  /**
   * Runs one statement that leaves nothing on its connection, on the one that has the least to do.
   *
   * @param submit gives its query to pg synchronously
   * @throws what `submit` or the pool throws; a connection that then no longer answers isn't used again
   */
  run(submit: (client: PoolClient) => Promise<QueryResult>): Promise<QueryResult> {
    return this.#leastBusy().run(submit);
  }

  #leastBusy(): Shared {
    let least: Shared | undefined;
    for (const shared of this.#connections) {
      if (shared.isBroken) this.#connections.delete(shared);
      else if (least === undefined || shared.underWay < least.underWay) least = shared;
    }
    if (least !== undefined && (least.underWay === 0 || this.#connections.size >= this.most)) return least;
    const shared = new Shared(this.checkout);
    this.#connections.add(shared);
    this.#closeWhenIdle(shared);
    return shared;
  }

  #closeWhenIdle(shared: Shared): void {
    const timer = setInterval(() => {
      // A broken connection would take a place in the pool without any use.
      if ((shared.used && !shared.isBroken) || shared.underWay > 0) {
        shared.used = false;
        return;
      }
      clearInterval(timer);
      this.#connections.delete(shared);
      shared.close();
    }, IDLE_MS).unref();
  }
}
