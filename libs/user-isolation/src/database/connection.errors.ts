import pg from 'pg';

/** Codes with which PostgreSQL ends the connection: shutdown, crash, termination, protocol errors. */
const ENDING = /^(?:57P0[1-5]|08)/;

/**
 * Whether the connection still answers after this error. It does after PostgreSQL refused a statement. It doesn't
 * after PostgreSQL ended it, nor when this side stopped waiting: pg gives up on the answer, not on the query, and the
 * next query would wait behind it.
 */
export function leavesUsable(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !ENDING.test(error.code ?? '');
}

/**
 * Whether PostgreSQL refused the plan it kept and not the statement: a migration changed a column's type
 * (feature_not_supported), or the prepared statement is gone (invalid_sql_statement_name). No row was read by then.
 */
export function isPlanOutdated(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '0A000' || error.code === '26000');
}
