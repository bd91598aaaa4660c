/** Isolation is used or deployed wrongly. It is never the client's fault, so it answers 500. */
export class IsolationError extends Error {
  override readonly name: string = 'IsolationError';
}

/** Advice for a statement that may fail inside of a transaction. */
export const INNER_TRANSACTION =
  'Put what may fail into an isolation.transaction(…) of its own inside: when it throws, it alone is undone.';

/** Owned rows were read or written without a signed-in user: on an anonymous route, in a job, or after the response. */
export class NoOwnerError extends IsolationError {
  override readonly name = 'NoOwnerError';

  constructor(what: string) {
    super(
      `${what} belongs to a user, and no user is known here. On an anonymous route there is none; ` +
        'in a job, a listener or work that outlives its request, name the user: isolation.runAs(userId, () => …).',
    );
  }
}

/** A transaction that was opened for one user was used for another. */
export class OwnerMismatchError extends IsolationError {
  override readonly name = 'OwnerMismatchError';

  constructor() {
    super(
      'This transaction was opened for another user (or for none). A transaction belongs to one user: ' +
        'open it inside isolation.runAs(userId, () => …), not around it.',
    );
  }
}

/** Raw SQL that would change its connection or its transaction, or several statements in one string. */
export class ForbiddenStatementError extends IsolationError {
  override readonly name = 'ForbiddenStatementError';

  constructor(cause: string, fix: string) {
    super(`${cause} ${fix}`);
  }
}

/** A statement was sent after its transaction ended or its connection was given back: an `await` is missing. */
export class LateStatementError extends IsolationError {
  override readonly name = 'LateStatementError';

  constructor() {
    super(
      'A statement came after its transaction was over, and was not sent. Somewhere before it an `await` is missing.',
    );
  }
}

/** A statement failed, the code caught the error and committed: PostgreSQL can only roll back. */
export class AbortedTransactionError extends IsolationError {
  override readonly name = 'AbortedTransactionError';

  constructor() {
    super(
      `The transaction was rolled back: one of its statements failed, and the error was caught. ${INNER_TRANSACTION}`,
    );
  }
}

/** TypeORM's result cache would keep owned rows and give them to another user. */
export class OwnedCacheError extends IsolationError {
  override readonly name = 'OwnedCacheError';

  constructor(table: string) {
    super(
      `This query reads "${table}", whose rows belong to users, and TypeORM's result cache doesn't know who asks. ` +
        'Leave out `cache` here; where the data source has `cache: { alwaysEnabled: true }`, turn it off, or say ' +
        '`.cache(false)`.',
    );
  }
}

/** The start-up check found something that would let rows leak; each entry names the problem and its fix. */
export class IsolationCheckError extends IsolationError {
  override readonly name = 'IsolationCheckError';

  constructor(readonly problems: readonly string[]) {
    super(
      `The API refuses to start, rows are not isolated:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
  }
}

/**
 * No connection came free in time: the user holds as many as one user may have, or all users together hold all of
 * theirs. Users who hold fewer are served first. Answer 503 with `Retry-After`.
 */
export class OwnerBusyError extends Error {
  override readonly name = 'OwnerBusyError';

  /**
   * @param held places that this user holds
   * @param all places that all users hold, this one included
   */
  constructor(held: number, all: number, waitMs: number) {
    super(`No place came free within ${waitMs} ms: this user holds ${held}, all users together ${all}.`);
  }
}
