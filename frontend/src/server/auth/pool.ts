import { Pool } from 'pg';

/**
 * The web application's connections to PostgreSQL, as the owner of Better Auth's tables.
 *
 * Every wait is bounded on this side, because a frozen server keeps its connections open and answers nothing:
 * 2 s to get a connection, 4 s for an answer.
 */
export function createPool(databaseUrl: string): Pool {
  const pool = new Pool({
    connectionString: databaseUrl,
    application_name: 'session-guard-web',
    max: 10,
    connectionTimeoutMillis: 2_000,
    query_timeout: 4_000,
    statement_timeout: 3_500,
    idleTimeoutMillis: 30_000,
  });
  // An idle connection that the server closes emits here; without a listener the process would die of it.
  pool.on('error', (error) => {
    console.error(`web: an idle database connection was lost (${error.message})`);
  });
  return pool;
}
