import { SQLSTATE } from '@session-guard/core';
import type { PoolClient } from 'pg';
import { QueryFailedError } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import type { ReplicationMode } from 'typeorm/driver/types/ReplicationMode.js';
import { currentOwner } from '../context/owner.context.ts';
import { AbortedTransactionError, IsolationError, LateStatementError, OwnerMismatchError } from '../isolation.error.ts';
import { IsolatedConnection, type ConnectionDependencies } from './isolated.connection.ts';
import { refuseLasting, refuseTransactionControl } from './session.statements.ts';

/** TypeORM's query runner over an {@link IsolatedConnection}. */
export class IsolatedQueryRunner extends PostgresQueryRunner {
  private readonly isolated: IsolatedConnection;
  /** Why the connection was lost, when it broke or PostgreSQL ended it. */
  lost: Error | undefined;
  /** How many of TypeORM's own BEGIN, COMMIT and ROLLBACK are running; they aren't checked as raw SQL. */
  private controlling = 0;
  /** Statements without an answer yet, awaited or not. */
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(
    driver: PostgresDriver,
    mode: ReplicationMode,
    private readonly dependencies: ConnectionDependencies,
  ) {
    super(driver, mode);
    this.isolated = new IsolatedConnection(
      () => this.checkOut(),
      (reason) => this.discard(reason),
      dependencies,
    );
  }

  /** Resolves at once: a connection is taken from the pool when a statement needs one. */
  override connect(): Promise<IsolatedConnection> {
    return Promise.resolve(this.isolated);
  }

  /**
   * @throws {OwnerMismatchError} when the runner's transaction was opened for another user
   * @throws {ForbiddenStatementError} for raw SQL that would change its connection or its transaction
   * @throws {LateStatementError} after the runner was released
   */
  override async query(...args: Parameters<PostgresQueryRunner['query']>): ReturnType<PostgresQueryRunner['query']> {
    const [text, , isBuilt = false] = args;
    // Checked here too: from the connection TypeORM would report it as a failed query.
    if (!this.isolated.mayServe(currentOwner())) throw new OwnerMismatchError();
    // TypeORM would only say that the runner was released, not why.
    if (this.isReleased)
      throw this.lost === undefined ? new LateStatementError() : new QueryFailedError(text, args[1], this.lost);
    if (!isBuilt && this.controlling === 0) this.examine(text);
    const sent: ReturnType<PostgresQueryRunner['query']> = super.query(...args);
    this.underWay.add(sent);
    try {
      return await sent;
    } catch (error) {
      if (error instanceof QueryFailedError && error.driverError instanceof IsolationError) throw error.driverError;
      throw error;
    } finally {
      this.underWay.delete(sent);
    }
  }

  override startTransaction(...args: Parameters<PostgresQueryRunner['startTransaction']>): Promise<void> {
    return this.control(() => super.startTransaction(...args));
  }

  /** @throws {AbortedTransactionError} when a statement failed: PostgreSQL would roll back and report success */
  override async commitTransaction(): Promise<void> {
    if (this.underWay.size > 0) await Promise.allSettled(this.underWay);
    try {
      await this.control(() => super.commitTransaction());
    } catch (error) {
      // PostgreSQL refuses RELEASE SAVEPOINT in a failed transaction, where COMMIT would roll back.
      throw sqlState(error) === SQLSTATE.inFailedTransaction ? new AbortedTransactionError() : error;
    }
  }

  override rollbackTransaction(): Promise<void> {
    return this.control(() => super.rollbackTransaction());
  }

  /** Resets the connection and gives it back to the pool; closes it when a transaction is still open. */
  override async release(): Promise<void> {
    if (this.isReleased) return;
    try {
      await this.isolated.clear();
    } catch (error) {
      await this.discard(error as Error);
      return;
    }
    await super.release();
  }

  override stream(...args: Parameters<PostgresQueryRunner['stream']>): ReturnType<PostgresQueryRunner['stream']> {
    if (currentOwner() !== undefined) {
      throw new IsolationError(
        'A stream cannot carry its user; page through the rows instead, or read it outside of a request.',
      );
    }
    return super.stream(...args);
  }

  private async checkOut(): Promise<PoolClient> {
    const giveBackPlace = await this.dependencies.places.take(currentOwner());
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

  /** Checks raw SQL. */
  private examine(text: string): void {
    refuseLasting(text);
    if (this.isTransactionActive) refuseTransactionControl(text);
    this.isolated.announce(text);
  }

  private async control(work: () => Promise<void>): Promise<void> {
    this.controlling += 1;
    try {
      await work();
    } finally {
      this.controlling -= 1;
    }
  }

  private async discard(reason: Error): Promise<void> {
    const giveBack = this.releaseCallback;
    if (giveBack !== undefined) this.releaseCallback = () => giveBack(reason);
    await super.release();
  }
}

function sqlState(error: unknown): unknown {
  return error instanceof QueryFailedError && 'code' in error.driverError ? error.driverError.code : undefined;
}
