import { isOutdatedPlan, SQLSTATE } from '@session-guard/core';
import pg from 'pg';
import { ForbiddenStatementError, INNER_TRANSACTION } from '../isolation.error.ts';

/** Codes with which PostgreSQL ends the connection: shutdown, crash, termination, protocol errors. */
const ENDING = /^(?:57P0[1-5]|08)/;

/**
 * Whether the connection still answers after this error. It does after PostgreSQL refused a statement. It doesn't
 * after PostgreSQL ended it, nor after pg's own timeout: the query still runs then, and the next one would wait behind
 * it.
 */
export function leavesUsable(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !ENDING.test(error.code ?? '');
}

/** pg's messages for a statement whose connection closed before the answer. */
const CLOSED = /^Connection terminated unexpectedly$|^Client has encountered a connection error/;
const CLOSED_BY_NETWORK = new Set(['ECONNRESET', 'EPIPE']);

/**
 * Whether the connection ended while the statement ran. A time limit doesn't count: the statement would be as slow on
 * another connection.
 */
export function isConnectionEnded(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code = '' } = error as NodeJS.ErrnoException;
  if (error instanceof pg.DatabaseError) return ENDING.test(code);
  return CLOSED.test(error.message) || CLOSED_BY_NETWORK.has(code);
}

/**
 * Whether PostgreSQL refused its cached plan and not the statement: a migration changed a column's type
 * (feature_not_supported), or the prepared statement is gone (invalid_sql_statement_name). No row was read by then.
 */
export function isPlanOutdated(error: unknown): boolean {
  return error instanceof pg.DatabaseError && isOutdatedPlan(error);
}

/**
 * The error with advice where PostgreSQL's message doesn't help: for several statements in one string, and for
 * statements after one that failed in the same transaction (in_failed_sql_transaction), whose code is kept.
 */
export function explained(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  if (error.code === SQLSTATE.syntaxError && /multiple commands/.test(error.message)) {
    return new ForbiddenStatementError(
      'There are several statements in one string.',
      'Send each by itself; in isolation.transaction(…) they are one.',
    );
  }
  if (error.code === SQLSTATE.inFailedTransaction) {
    error.message =
      'An earlier statement of this transaction failed, and PostgreSQL ignores what follows it. ' + INNER_TRANSACTION;
  }
  return error;
}
