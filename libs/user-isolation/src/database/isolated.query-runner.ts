import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import { currentOwner } from '../context/owner.context.ts';
import { IsolationError } from '../isolation.error.ts';
import { IsolatedConnection } from './isolated.connection.ts';

/** TypeORM's query runner over an {@link IsolatedConnection}. */
export class IsolatedQueryRunner extends PostgresQueryRunner {
  private isolated: IsolatedConnection | undefined;

  override async connect(): Promise<IsolatedConnection> {
    this.isolated ??= new IsolatedConnection(await super.connect(), (reason) => this.discard(reason));
    return this.isolated;
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
