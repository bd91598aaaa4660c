import type { DataSourceOptions } from 'typeorm';
import { PG_TYPES } from './pg-types.ts';

type PostgresDataSourceOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/** Size and time limits of the API's pool, beside the limit on statements (`STATEMENT_TIMEOUT_MS`). */
export const POOL = {
  /** Connections of one API instance. */
  size: 10,
  /** Waiting for a free or new connection, in milliseconds. */
  connectMs: 2_000,
  /** Milliseconds this side waits longer than PostgreSQL works on a statement: a live server reports its own limit. */
  answerMarginMs: 500,
} as const;

/**
 * Options of the API's one DataSource, as the restricted role. Entities come from the modules (`autoLoadEntities`);
 * the schema is never synchronised, migrations make it.
 *
 * @param statementMs Milliseconds PostgreSQL works on one statement. A frozen server is only noticed on this side, a
 *   little later.
 */
export function apiDataSourceOptions(url: string, statementMs = 2_000): PostgresDataSourceOptions {
  return {
    type: 'postgres',
    url,
    applicationName: 'session-guard-api',
    synchronize: false,
    migrationsRun: false,
    // Nothing here may create an extension: the role can't, and TypeORM would ask for it on every start.
    installExtensions: false,
    extra: {
      types: PG_TYPES,
      max: POOL.size,
      connectionTimeoutMillis: POOL.connectMs,
      statement_timeout: statementMs,
      query_timeout: statementMs + POOL.answerMarginMs,
    },
  };
}
