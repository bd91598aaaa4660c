import type { PoolClient } from 'pg';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import type { ReplicationMode } from 'typeorm/driver/types/ReplicationMode.js';
import { currentOwner } from '../context/owner.context.ts';
import { IsolationError, OwnerMismatchError } from '../isolation.error.ts';
import { IsolatedConnection } from './isolated.connection.ts';
import type { StatementNames } from './statement.names.ts';

/** TypeORM's query runner over an {@link IsolatedConnection}. */
export class IsolatedQueryRunner extends PostgresQueryRunner {
  private isolated: IsolatedConnection | undefined;

  constructor(
    driver: PostgresDriver,
    mode: ReplicationMode,
    private readonly statements: StatementNames,
  ) {
    super(driver, mode);
  }

  override async connect(): Promise<IsolatedConnection> {
    if (this.isolated === undefined) {
      const client = (await super.connect()) as PoolClient;
      // A second caller may have waited for the same connection.
      this.isolated ??= new IsolatedConnection(client, this.statements, (reason) => this.discard(reason));
    }
    return this.isolated;
  }

  /** @throws {OwnerMismatchError} when the runner's transaction was opened for another user */
  override query(...args: Parameters<PostgresQueryRunner['query']>): ReturnType<PostgresQueryRunner['query']> {
    // Here and not only in the connection: TypeORM would report it as a failed query.
    if (this.isolated?.mayServe(currentOwner()) === false) throw new OwnerMismatchError();
    return super.query(...args);
  }

  /** Gives the connection back; one with a transaction still open is closed, it would hand a user to the next request. */
  override async release(): Promise<void> {
    if (this.isolated?.inTransaction === true && !this.isReleased) {
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

  private async discard(reason: Error): Promise<void> {
    const giveBack = this.releaseCallback;
    if (giveBack !== undefined) this.releaseCallback = () => giveBack(reason);
    await super.release();
  }
}
