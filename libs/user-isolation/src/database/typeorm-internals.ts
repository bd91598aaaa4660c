import type { Pool, PoolClient } from 'pg';
import type { DataSource, EntityMetadata, ReplicationMode } from 'typeorm';
import { DriverUtils } from 'typeorm/driver/DriverUtils.js';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';

// What is used of TypeORM that it doesn't document. `typeorm-internals.test.ts` says what broke when a version changes
// it. Documented, and used elsewhere: classes to extend, with the protected methods of their published types.

export { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
export type { Alias } from 'typeorm/query-builder/Alias.js';
export type { JoinAttribute } from 'typeorm/query-builder/JoinAttribute.js';
export { SoftDeleteQueryBuilder } from 'typeorm/query-builder/SoftDeleteQueryBuilder.js';

export type ColumnMetadata = EntityMetadata['columns'][number];
export type Driver = DataSource['driver'];

/** A connection taken from the pool, with what gives it back; a reason closes it instead. */
export type Checkout = readonly [client: PoolClient, release: (reason?: Error) => void];

/** The pool of the primary. */
export function poolOf({ driver }: DataSource): Pool {
  return (driver as PostgresDriver).master as Pool;
}

/** Whether reads may go to other servers, which have other pools. */
export function isReplicated({ driver }: DataSource): boolean {
  return driver.isReplicated;
}

/** Takes a connection of the primary, prepared as TypeORM prepares its own. */
export async function checkOut({ driver }: DataSource): Promise<Checkout> {
  return (await (driver as PostgresDriver).obtainMasterConnection()) as [PoolClient, Checkout[1]];
}

/** The name TypeORM gives a table in the queries it writes, or with a second name its column. */
export function aliasOf(driver: Driver, alias: string, ...column: string[]): string {
  return DriverUtils.buildAlias(driver, undefined, alias, ...column);
}

/** TypeORM's query runner, which takes its connection from the pool and gives it back when its subclass says so. */
export abstract class PooledQueryRunner extends PostgresQueryRunner {
  constructor(dataSource: DataSource, mode: ReplicationMode) {
    super(dataSource.driver as PostgresDriver, mode);
  }

  /** @param onReturn is called when the connection goes back to the pool, or is closed for a reason */
  protected async takeFromPool(onReturn: (reason?: Error) => void): Promise<PoolClient> {
    const client = (await super.connect()) as PoolClient;
    const giveBack = this.releaseCallback;
    this.releaseCallback = (reason?: Error) => {
      onReturn(reason);
      giveBack?.(reason);
    };
    return client;
  }

  /** Closes the connection, if one was taken, and ends the runner. */
  protected async closeConnection(reason: Error): Promise<void> {
    const giveBack = this.releaseCallback;
    if (giveBack !== undefined) this.releaseCallback = () => giveBack(reason);
    await super.release();
  }
}
