import { OwnerBusyError } from '@session-guard/isolation';
import { causes, databaseFailure, type DatabaseFailure } from './database-failure.ts';
import { isDatabaseUnavailable } from './database-unavailable.ts';
import { problem, type Problem } from './problem.ts';

const AWAY = problem({
  status: 503,
  code: 'database_unavailable',
  detail: 'The database does not answer for the moment: retry after the time Retry-After says.',
});
const TIME_LIMIT = problem({
  status: 503,
  code: 'time_limit',
  detail: 'The database stopped the work at its time limit; nothing of it was kept. Ask for less at once, or retry.',
});
const OVERTAKEN = problem({
  status: 503,
  code: 'transaction_conflict',
  detail:
    'Another request changed the same rows at the same moment; nothing was kept. ' +
    'Retry after the time Retry-After says.',
});
const BUSY = problem({
  status: 503,
  code: 'too_many_at_once',
  detail: 'Too much is being worked on at once, for you or for everybody: retry after the time Retry-After says.',
});
const CONFLICT = problem({
  status: 409,
  detail: 'It conflicts with what is there already; "errors" says which values.',
});
const STILL_REFERRED = problem({
  status: 409,
  detail: 'Something else still refers to this: change or remove that first.',
});
const UNKNOWN_REFERENCE = problem({
  status: 422,
  code: 'unknown_reference',
  detail: 'A value refers to something that does not exist; "errors" says which.',
});
const INVALID = problem({
  status: 400,
  code: 'validation_failed',
  detail: 'The request has a value that cannot be stored.',
});
const FORBIDDEN = problem({ status: 403, detail: 'A row like this is not yours to write.' });

/** Problems by SQLSTATE, or by its first two characters: what a client can bring about by what it sends. */
const BY_STATE: Readonly<Record<string, Problem>> = {
  '22': INVALID, // data exceptions: out of range, not of the type, too long, not a character
  '23001': STILL_REFERRED,
  '23502': INVALID,
  '23503': UNKNOWN_REFERENCE,
  '23505': CONFLICT,
  '23514': INVALID,
  '23P01': CONFLICT,
  '25P03': TIME_LIMIT, // a transaction that idled
  '25P04': TIME_LIMIT, // a transaction that took too long altogether
  '40': OVERTAKEN, // serialization failures and deadlocks
  '44000': INVALID, // a view's WITH CHECK OPTION
  '54000': INVALID, // too large for an index
  '54001': INVALID, // nested too deep
  '55P03': OVERTAKEN, // a lock was not to be had in time
  '57014': TIME_LIMIT,
};

/**
 * What a client may know of a database error; undefined when it is none, or nothing the client can help.
 * Nothing of PostgreSQL's own message is in it.
 */
export function databaseProblem(error: unknown): Problem | undefined {
  if (causes(error).some((cause) => cause instanceof OwnerBusyError)) return BUSY;
  const failure = databaseFailure(error);
  const known = failure && ofFailure(failure, error);
  return known ?? (isDatabaseUnavailable(error) ? AWAY : undefined);
}

/** Whether the row that others refer to was to be changed or removed, rather than one that refers to nothing. */
export function isStillReferred({ sqlState, table, statement }: DatabaseFailure, error: unknown): boolean {
  if (sqlState === '23001') return true;
  if (sqlState !== '23503') return false;
  // PostgreSQL names the referring table either way. Its message tells the two apart, where it is in English.
  if (causes(error).some(({ message }) => message.includes('update or delete on table'))) return true;
  const target = /^(?:delete\s+from|update)\s+(?:only\s+)?(?:"?\w+"?\.)?"?(\w+)"?/i.exec(statement ?? '')?.[1];
  return target !== undefined && (/^delete/i.test(statement ?? '') || target !== table);
}

function ofFailure(failure: DatabaseFailure, error: unknown): Problem | undefined {
  const { sqlState, routine, statement } = failure;
  if (isStillReferred(failure, error)) return STILL_REFERRED;
  // A policy refused the row; any other 42501 is a privilege the operator has to grant.
  if (sqlState === '42501') return routine === 'ExecWithCheckOptions' ? FORBIDDEN : undefined;
  // The same row twice in one upsert.
  if (sqlState === '21000') return /\bon conflict\b/i.test(statement ?? '') ? CONFLICT : undefined;
  return BY_STATE[sqlState] ?? BY_STATE[sqlState.slice(0, 2)];
}
