import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import { PG_TYPES } from './pg-types.ts';

/** Time limits and size of the API's pool. A frozen server is only noticed on this side: `queryMs` bounds it. */
export const POOL = {
  /** Connections of one API instance. */
  size: 10,
  /** Waiting for a free or new connection, in milliseconds. */
  connectMs: 2_000,
  /** PostgreSQL's own limit on a statement, in milliseconds. */
  statementMs: 2_000,
  /** This side's limit on an answer, in milliseconds; above the server's, so that a live one reports its own. */
  queryMs: 2_500,
} as const;

/**
 * Options of the API's one DataSource, as the restricted role. Entities come from the modules (`autoLoadEntities`);
 * the schema is never synchronised, migrations make it.
 */
export function apiDataSourceOptions(url: string): PostgresDataSourceOptions {
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
      statement_timeout: POOL.statementMs,
      query_timeout: POOL.queryMs,
    },
  };
}
