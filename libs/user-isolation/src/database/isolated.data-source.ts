import {
  DataSource,
  type EntityTarget,
  type ObjectLiteral,
  type QueryRunner,
  type ReplicationMode,
  type SelectQueryBuilder,
} from 'typeorm';
import { currentScope } from '../context/owner.context.ts';
import { fastStatements } from '../fast/fast.statements.ts';
import { SharedConnections } from '../fast/shared.connections.ts';
import { StatementNames } from '../fast/statement.names.ts';
import { borrow } from './borrowed.query-runner.ts';
import { IsolatedQueryRunner } from './isolated.query-runner.ts';
import { OwnedSelectQueryBuilder } from './owned.query-builder.ts';
import { OwnerPlaces } from './owner.places.ts';
import { type SendAsOwner, sendInTransaction } from './owner.statement.ts';
import { refuseTransactionControl } from './session.statements.ts';
import { aliasOf, checkOut, isReplicated, poolOf } from './typeorm-internals.ts';

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
  #sendToPrimary: SendAsOwner = sendInTransaction;
  #sendToReplica: SendAsOwner = sendInTransaction;
  #places = new OwnerPlaces({ each: Infinity, waitMs: 0 });
  #idleLimitMs = IDLE_LIMIT_MS;

  /**
   * @param isFast whether statements go by the fast ways of `fast/`; without them each takes three round trips, and pg
   *   is used only as it documents
   */
  constructor(
    options: ConstructorParameters<typeof DataSource>[0],
    private readonly isFast = true,
  ) {
    super(options);
  }

  override async initialize(): Promise<this> {
    await super.initialize();
    const { max, connectionTimeoutMillis = 0, idle_in_transaction_session_timeout: idleMs } = poolOf(this).options;
    // Half of the pool for one user: the other half serves everybody else.
    const each = Math.max(2, Math.floor(max / 2));
    this.#places = new OwnerPlaces({
      each,
      all: Math.max(each + 1, max - UNOWNED_CONNECTIONS),
      waitMs: connectionTimeoutMillis,
    });
    this.#idleLimitMs = idleMs ?? IDLE_LIMIT_MS;
    if (this.isFast) this.#useFastStatements(max);
    return this;
  }

  override createQueryRunner(mode: ReplicationMode = 'master'): QueryRunner {
    const joined = currentScope()?.transaction;
    const runner = joined === undefined ? this.#createOwnRunner(mode) : borrow(joined.runner);
    return Object.assign(runner, { manager: this.createEntityManager(runner) });
  }

  /**
   * @throws {ForbiddenStatementError} for BEGIN, COMMIT and the like: the next statement may run on another connection
   */
  override async query<T = unknown>(sql: string, parameters?: unknown[], queryRunner?: QueryRunner): Promise<T> {
    if (queryRunner === undefined) refuseTransactionControl(sql);
    return super.query<T>(sql, parameters, queryRunner);
  }

  #useFastStatements(poolSize: number): void {
    const names = new StatementNames();
    const most = Math.min(SHARED_CONNECTIONS, Math.floor(poolSize / 2));
    const shared = most > 0 ? new SharedConnections(most, () => checkOut(this)) : undefined;
    this.#sendToPrimary = fastStatements(names, shared);
    // Replicas have other pools.
    this.#sendToReplica = isReplicated(this) ? fastStatements(names, undefined) : this.#sendToPrimary;
  }

  #createOwnRunner(mode: ReplicationMode): IsolatedQueryRunner {
    return new IsolatedQueryRunner(this, mode, {
      sendAsOwner: mode === 'slave' ? this.#sendToReplica : this.#sendToPrimary,
      places: this.#places,
      idleLimitMs: this.#idleLimitMs,
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
    const name = aliasOf(this.driver, alias);
    const { target } = this.getMetadata(entityOrRunner as EntityTarget<ObjectLiteral>);
    return new OwnedSelectQueryBuilder<ObjectLiteral>(this, queryRunner).select(name).from(target, name);
  }
}

/** For `dataSourceFactory` of TypeOrmModule; Nest initialises what it returns. */
export function createIsolatedDataSource(
  options?: ConstructorParameters<typeof DataSource>[0],
): Promise<IsolatedDataSource> {
  return Promise.resolve(new IsolatedDataSource(required(options)));
}

/**
 * As {@link createIsolatedDataSource}, the plain way: three round trips a statement instead of one, nothing prepared,
 * no connection shared, and of pg only what it documents. To find out whether the fast way is at fault, or for a
 * version of pg whose inner parts it doesn't know.
 *
 * @example TypeOrmModule.forRootAsync({ useFactory, dataSourceFactory: createPlainIsolatedDataSource })
 */
export function createPlainIsolatedDataSource(
  options?: ConstructorParameters<typeof DataSource>[0],
): Promise<IsolatedDataSource> {
  return Promise.resolve(new IsolatedDataSource(required(options), false));
}

function required<Options>(options: Options | undefined): Options {
  if (options === undefined) throw new Error('The data source needs the options of TypeOrmModule.forRootAsync.');
  return options;
}
