import { SQLSTATE } from '@session-guard/core';
import type { PoolClient } from 'pg';
import { type DataSource, QueryFailedError, type ReplicationMode } from 'typeorm';
import { currentOwner } from '../context/owner.context.ts';
import { AbortedTransactionError, IsolationError, LateStatementError, OwnerMismatchError } from '../isolation.error.ts';
import { IsolatedConnection, type ConnectionDependencies } from './isolated.connection.ts';
import { refuseLasting, refuseTransactionControl } from './session.statements.ts';
import { PooledQueryRunner } from './typeorm-internals.ts';

/** TypeORM's query runner over an {@link IsolatedConnection}. */
export class IsolatedQueryRunner extends PooledQueryRunner {
  private readonly isolated: IsolatedConnection;
  /** Why the connection was lost, when it broke or PostgreSQL ended it. */
  lost: Error | undefined;
  /** How many of TypeORM's own BEGIN, COMMIT and ROLLBACK are running; they aren't checked as raw SQL. */
  private controlling = 0;
  /** Statements without an answer yet, awaited or not. */
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(
    dataSource: DataSource,
    mode: ReplicationMode,
    private readonly dependencies: ConnectionDependencies,
  ) {
    super(dataSource, mode);
    this.isolated = new IsolatedConnection(
      () => this.checkOut(),
      (reason) => this.closeConnection(reason),
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
  override async query(...args: Parameters<PooledQueryRunner['query']>): ReturnType<PooledQueryRunner['query']> {
    const [text, , isBuilt = false] = args;
    // Checked here too: from the connection TypeORM would report it as a failed query.
    if (!this.isolated.mayServe(currentOwner())) throw new OwnerMismatchError();
    // TypeORM would only say that the runner was released, not why.
    if (this.isReleased)
      throw this.lost === undefined ? new LateStatementError() : new QueryFailedError(text, args[1], this.lost);
    if (!isBuilt && this.controlling === 0) this.examine(text);
    const sent: ReturnType<PooledQueryRunner['query']> = super.query(...args);
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

  override startTransaction(...args: Parameters<PooledQueryRunner['startTransaction']>): Promise<void> {
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
      await this.closeConnection(error as Error);
      return;
    }
    await super.release();
  }

  /**
   * Streams the rows of nobody: reference data, and whatever else no user owns.
   *
   * @throws {IsolationError} for a user: the rows would be read after the user's scope has ended
   */
  override async stream(...args: Parameters<PooledQueryRunner['stream']>): ReturnType<PooledQueryRunner['stream']> {
    if (currentOwner() !== undefined) {
      throw new IsolationError(
        'A stream cannot carry its user; page through the rows instead, or read it outside of a request.',
      );
    }
    const [text] = args;
    refuseLasting(text);
    if (!this.isReleased) await this.isolated.prepareStream(text);
    return super.stream(...args);
  }

  private async checkOut(): Promise<PoolClient> {
    const giveBackPlace = await this.dependencies.places.take(currentOwner());
    try {
      return await this.takeFromPool((reason) => {
        this.lost ??= reason;
        giveBackPlace();
      });
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
}

function sqlState(error: unknown): unknown {
  return error instanceof QueryFailedError && 'code' in error.driverError ? error.driverError.code : undefined;
}
