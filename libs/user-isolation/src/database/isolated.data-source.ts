import type { Pool } from 'pg';
import { DataSource, type EntityTarget, type ObjectLiteral, type QueryRunner, type SelectQueryBuilder } from 'typeorm';
import { DriverUtils } from 'typeorm/driver/DriverUtils.js';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { ReplicationMode } from 'typeorm/driver/types/ReplicationMode.js';
import { currentScope } from '../context/owner.context.ts';
import { borrow } from './borrowed.query-runner.ts';
import { IsolatedQueryRunner } from './isolated.query-runner.ts';
import { OwnedSelectQueryBuilder } from './owned.query-builder.ts';
import { OwnerPlaces } from './owner.places.ts';
import { refuseTransactionControl } from './session.statements.ts';
import { type Checkout, SharedConnections } from './shared.connections.ts';
import { StatementNames } from './statement.names.ts';

/** Connections that several users' prepared statements share; at most half of the pool. */
const SHARED_CONNECTIONS = 4;

/** Connections that users' transactions never take: reserved for session lookups and shared statements. */
const UNOWNED_CONNECTIONS = 2;

/** Milliseconds a transaction may idle, unless the pool's own `idle_in_transaction_session_timeout` says otherwise. */
const IDLE_LIMIT_MS = 5_000;

/**
 * TypeORM's DataSource for the API: everything made from it (repositories, managers, query builders, raw SQL) runs in
 * the scope of the user the calling code acts for. PostgreSQL only.
 *
 * @example TypeOrmModule.forRootAsync({ useFactory, dataSourceFactory: createIsolatedDataSource })
 */
export class IsolatedDataSource extends DataSource {
  private readonly statements = new StatementNames();
  private shared: SharedConnections | undefined;
  private places = new OwnerPlaces({ each: Infinity, waitMs: 0 });
  private idleLimitMs = IDLE_LIMIT_MS;

  override async initialize(): Promise<this> {
    await super.initialize();
    const driver = this.driver as PostgresDriver;
    const {
      max,
      connectionTimeoutMillis = 0,
      idle_in_transaction_session_timeout: idleMs,
    } = (driver.master as Pool).options;
    // Half of the pool for one user: the other half serves everybody else.
    const each = Math.max(2, Math.floor(max / 2));
    this.places = new OwnerPlaces({
      each,
      all: Math.max(each + 1, max - UNOWNED_CONNECTIONS),
      waitMs: connectionTimeoutMillis,
    });
    this.idleLimitMs = idleMs ?? IDLE_LIMIT_MS;
    const most = Math.min(SHARED_CONNECTIONS, Math.floor(max / 2));
    if (most > 0)
      this.shared = new SharedConnections(
        most,
        async () => (await driver.obtainMasterConnection()) as unknown as Checkout,
      );
    return this;
  }

  override createQueryRunner(mode: ReplicationMode = 'master'): QueryRunner {
    const joined = currentScope()?.transaction;
    const runner = joined === undefined ? this.createOwnRunner(mode) : borrow(joined.runner);
    return Object.assign(runner, { manager: this.createEntityManager(runner) });
  }

  /**
   * @throws {ForbiddenStatementError} for BEGIN, COMMIT and the like: the next statement may run on another connection
   */
  override async query<T = unknown>(sql: string, parameters?: unknown[], queryRunner?: QueryRunner): Promise<T> {
    if (queryRunner === undefined) refuseTransactionControl(sql);
    return super.query<T>(sql, parameters, queryRunner);
  }

  private createOwnRunner(mode: ReplicationMode): IsolatedQueryRunner {
    const driver = this.driver as PostgresDriver;
    // Replicas have other pools.
    const shared = mode === 'slave' && driver.isReplicated ? undefined : this.shared;
    return new IsolatedQueryRunner(driver, mode, {
      statements: this.statements,
      shared,
      places: this.places,
      idleLimitMs: this.idleLimitMs,
    });
  }

  override createQueryBuilder<Entity extends ObjectLiteral>(
    entityClass: EntityTarget<Entity>,
    alias: string,
    queryRunner?: QueryRunner,
  ): SelectQueryBuilder<Entity>;
  override createQueryBuilder(queryRunner?: QueryRunner): SelectQueryBuilder<ObjectLiteral>;
  override createQueryBuilder(
    entityOrRunner?: EntityTarget<ObjectLiteral> | QueryRunner,
    alias?: string,
    queryRunner?: QueryRunner,
  ): SelectQueryBuilder<ObjectLiteral> {
    if (alias === undefined)
      return new OwnedSelectQueryBuilder<ObjectLiteral>(this, entityOrRunner as QueryRunner | undefined);
    const name = DriverUtils.buildAlias(this.driver, undefined, alias);
    const { target } = this.getMetadata(entityOrRunner as EntityTarget<ObjectLiteral>);
    return new OwnedSelectQueryBuilder<ObjectLiteral>(this, queryRunner).select(name).from(target, name);
  }
}

/** For `dataSourceFactory` of TypeOrmModule; Nest initialises what it returns. */
export function createIsolatedDataSource(
  options?: ConstructorParameters<typeof DataSource>[0],
): Promise<IsolatedDataSource> {
  if (options === undefined)
    throw new Error('createIsolatedDataSource needs the options of TypeOrmModule.forRootAsync.');
  return Promise.resolve(new IsolatedDataSource(options));
}
