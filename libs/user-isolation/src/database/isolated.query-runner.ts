import type { PoolClient } from 'pg';
import { QueryFailedError } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import type { ReplicationMode } from 'typeorm/driver/types/ReplicationMode.js';
import { currentOwner } from '../context/owner.context.ts';
import { IsolationError, OwnerMismatchError } from '../isolation.error.ts';
import { IsolatedConnection, type Surroundings } from './isolated.connection.ts';

/** TypeORM's query runner over an {@link IsolatedConnection}. */
export class IsolatedQueryRunner extends PostgresQueryRunner {
  private readonly isolated: IsolatedConnection;
  /** Why the connection is gone, when it wasn't given back on purpose: it died, or PostgreSQL ended it. */
  lost: Error | undefined;

  constructor(
    driver: PostgresDriver,
    mode: ReplicationMode,
    private readonly surroundings: Surroundings,
  ) {
    super(driver, mode);
    this.isolated = new IsolatedConnection(
      () => this.checkOut(),
      (reason) => this.discard(reason),
      surroundings,
    );
  }

  /** At once: a connection is taken from the pool when a statement needs one to itself. */
  override connect(): Promise<IsolatedConnection> {
    return Promise.resolve(this.isolated);
  }

  /** @throws {OwnerMismatchError} when the runner's transaction was opened for another user */
  override query(...args: Parameters<PostgresQueryRunner['query']>): ReturnType<PostgresQueryRunner['query']> {
    // Here and not only in the connection: TypeORM would report it as a failed query.
    if (!this.isolated.mayServe(currentOwner())) throw new OwnerMismatchError();
    // TypeORM would say that the runner was released, and not why.
    if (this.isReleased && this.lost !== undefined) throw new QueryFailedError(args[0], args[1], this.lost);
    return super.query(...args);
  }

  /** Gives the connection back; one with a transaction still open is closed, it would hand a user to the next request. */
  override async release(): Promise<void> {
    if (this.isolated.inTransaction && !this.isReleased) {
      await this.discard(new IsolationError('A connection was released with its transaction open.'));
      return;
    }
    await super.release();
  }

  override stream(...args: Parameters<PostgresQueryRunner['stream']>): ReturnType<PostgresQueryRunner['stream']> {
    if (currentOwner() !== undefined) {
      throw new IsolationError('A stream cannot carry its user; page through the rows instead, or read it outside of a request.');
    }
    return super.stream(...args);
  }

  private async checkOut(): Promise<PoolClient> {
    const giveBackPlace = await this.surroundings.perOwner.take(currentOwner());
    try {
      const client = (await super.connect()) as PoolClient;
      const giveBack = this.releaseCallback;
      this.releaseCallback = (reason?: Error) => {
        this.lost ??= reason;
        giveBackPlace();
        giveBack?.(reason);
      };
      return client;
    } catch (error) {
      giveBackPlace();
      throw error;
    }
  }

  private async discard(reason: Error): Promise<void> {
    const giveBack = this.releaseCallback;
    if (giveBack !== undefined) this.releaseCallback = () => giveBack(reason);
    await super.release();
  }
}
