/** Something about isolation is wrong in the code or the deployment; never the caller's fault, so it answers 500. */
export class IsolationError extends Error {
  override readonly name: string = 'IsolationError';
}

/** Owned rows were asked for where no user is known: an anonymous route, a job, or work that outlived its request. */
export class NoOwnerError extends IsolationError {
  override readonly name = 'NoOwnerError';

  constructor(what: string) {
    super(
      `${what} belongs to a user, and no user is known here. On an anonymous route there is none; ` +
        'in a job, a listener or work that outlives its request, name the user: isolation.runAs(userId, () => …).',
    );
  }
}

/** A transaction opened for one user was about to be used for another. */
export class OwnerMismatchError extends IsolationError {
  override readonly name = 'OwnerMismatchError';

  constructor() {
    super(
      'This transaction was opened for another user (or for none). A transaction belongs to one user: ' +
        'open it inside isolation.runAs(userId, () => …), not around it.',
    );
  }
}

/** TypeORM's result cache was to keep owned rows, which it would give to whoever asks next. */
export class OwnedCacheError extends IsolationError {
  override readonly name = 'OwnedCacheError';

  constructor(table: string) {
    super(
      `This query reads "${table}", whose rows belong to users, and TypeORM's result cache doesn't know who asks. Leave out ` +
        '`cache` here; where the data source has `cache: { alwaysEnabled: true }`, turn it off, or say `.cache(false)`.',
    );
  }
}

/** The start-up check found something that would let rows leak; each entry names the problem and its fix. */
export class IsolationCheckError extends IsolationError {
  override readonly name = 'IsolationCheckError';

  constructor(readonly problems: readonly string[]) {
    super(`The API refuses to start, rows are not isolated:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/**
 * One user's work holds as many connections as one user may have, and none came free in time. The work before it is
 * slow, or there is much of it; others are served meanwhile. Answer 503 with `Retry-After`.
 */
export class OwnerBusyError extends Error {
  override readonly name = 'OwnerBusyError';

  constructor(most: number, waitMs: number) {
    super(`This user holds ${most} connections already, and none came free within ${waitMs} ms.`);
  }
}
