/** PostgreSQL's error codes by their names (its manual, appendix A), as far as this project tells them apart. */
export const SQLSTATE = {
  featureNotSupported: '0A000',
  inFailedTransaction: '25P02',
  invalidStatementName: '26000',
  insufficientPrivilege: '42501',
  syntaxError: '42601',
  lockNotAvailable: '55P03',
} as const;

/** Class 22: the value itself can't be what the column holds, such as text that is no uuid. */
const DATA_EXCEPTION = /^22/;

/**
 * The SQLSTATE of an error, whichever copy of pg made it.
 *
 * @returns undefined for an error that isn't PostgreSQL's
 */
export function sqlStateOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** Whether a value can't be what the column holds: then no row has it. */
export function isUnfitValue(error: unknown): boolean {
  return DATA_EXCEPTION.test(sqlStateOf(error) ?? '');
}

/**
 * Whether PostgreSQL refused what it keeps under a statement's name and not the statement: a migration changed a
 * column's type, or the prepared statement is gone.
 */
export function isOutdatedPlan(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === SQLSTATE.featureNotSupported || state === SQLSTATE.invalidStatementName;
}
