import { causes, databaseFailure, type DatabaseFailure, statementOf } from '../http/errors/database-failure.ts';

/** What a log line says of an error. */
export interface LoggedFailure extends Partial<DatabaseFailure> {
  readonly errorName: string;
  readonly stack?: string;
}

/**
 * What is needed to find an error's cause, for the log. Of a database error: its statement without literals, its code
 * and the names it has, and where it was sent from; never its message, which may hold what users wrote.
 */
export function describeFailure(error: unknown): LoggedFailure {
  if (!(error instanceof Error)) return { errorName: typeof error };
  const failure = databaseFailure(error);
  const statement = statementOf(error);
  if (failure === undefined) {
    const stack = causes(error)
      .map((cause) => cause.stack ?? cause.name)
      .join('\nCaused by: ');
    return { errorName: error.name, ...(statement !== undefined && { statement }), stack };
  }
  // TypeORM's error knows who sent the statement; pg's begins where its answer was read.
  const sent = causes(error).find((cause) => 'query' in cause) ?? error;
  return { errorName: sent.name, ...failure, stack: framesOf(sent) };
}

/** The stack without the message it begins with. */
function framesOf({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}
