import {
  type DataSource,
  type EntityManager,
  type QueryRunner,
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
} from 'typeorm';
import {
  currentOwner,
  currentScope,
  type OwnerScope,
  runInScope,
  type SharedTransaction,
} from './context/owner.context.ts';
import { IsolatedQueryRunner } from './database/isolated.query-runner.ts';
import { IsolationError, NoOwnerError, OwnerMismatchError } from './isolation.error.ts';

/** Options of {@link Isolation.transaction}. */
export interface TransactionOptions {
  /**
   * Milliseconds each statement of the transaction may take, instead of the pool's own limit (`statement_timeout`):
   * for a report or an export that is known to be slow.
   *
   * @default the pool's limit
   */
  readonly timeout?: number;
}

/** PostgreSQL's largest limit, in milliseconds. */
const LONGEST_MS = 2_147_483_647;

/** The user for whom the running code acts, and transactions that several services share. */
export class Isolation {
  constructor(private readonly dataSource: DataSource) {}

  /** The current user's id. @throws {NoOwnerError} when nobody is signed in here */
  get userId(): string {
    const owner = currentOwner();
    if (owner === undefined) throw new NoOwnerError('What was asked for');
    return owner;
  }

  /**
   * Runs `work`, and all it awaits, for one user: for jobs, listeners and tests, which have no request.
   * Never pass an id that came from a client.
   *
   * @throws {OwnerMismatchError} inside a shared transaction of another user
   * @example await isolation.runAs(session.userId, () => this.tasks.find());
   */
  runAs<T>(userId: string, work: () => T): T {
    if (userId === '') throw new NoOwnerError('Work');
    const outer = currentScope();
    if (outer?.transaction !== undefined && outer.owner() !== userId) throw new OwnerMismatchError();
    return runInScope({ owner: () => userId, ...(outer?.transaction && { transaction: outer.transaction }) }, work);
  }

  /**
   * Runs `work` in one transaction, which all code inside uses: repositories, query builders and raw SQL of any
   * service, without passing a manager around. Rolls back when `work` throws.
   *
   * Inside another transaction it is a savepoint: when `work` throws, only its own changes are undone, and the outer
   * transaction goes on if the error is caught. Inner transactions that are started together run one after another.
   *
   * Wait for nothing but the database inside: a transaction holds a connection, and PostgreSQL ends an idle one.
   *
   * @param options a longer limit for slow statements; inside another transaction it holds for `work` alone
   * @throws {IsolationError} when the limit is not a whole number of milliseconds above 0
   * @throws {AbortedTransactionError} when a statement failed and its error was caught without such a savepoint
   * @example
   * await isolation.transaction(async () => {
   *   await this.orders.insert(order);
   *   await this.lines.insert(lines);
   * });
   * @example await isolation.transaction(() => this.reports.yearly(), { timeout: 10_000 });
   */
  async transaction<T>(work: (manager: EntityManager) => Promise<T>, { timeout }: TransactionOptions = {}): Promise<T> {
    requireLimit(timeout);
    const scope = currentScope();
    const outer = scope?.transaction;
    if (outer !== undefined) return inTurn(outer, () => run({ scope, outer, runner: outer.runner, timeout }, work));
    const runner = this.dataSource.createQueryRunner();
    try {
      return await run({ scope, outer, runner, timeout }, work);
    } catch (error) {
      throw reasonOf(error, runner);
    } finally {
      await runner.release();
    }
  }
}

interface TransactionContext {
  readonly scope: OwnerScope | undefined;
  /** The transaction that is open already. */
  readonly outer: SharedTransaction | undefined;
  readonly runner: QueryRunner;
  readonly timeout: number | undefined;
}

async function run<T>(
  { scope, outer, runner, timeout }: TransactionContext,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  const transaction: SharedTransaction = { runner, timeout: timeout ?? outer?.timeout };
  await runner.startTransaction();
  try {
    if (timeout !== undefined) await runner.query(`set local statement_timeout = ${timeout}`);
    // The limit includes the commit, which checks deferred constraints.
    return await runInScope({ owner: () => scope?.owner(), transaction }, async () => {
      const result = await work(runner.manager);
      await innerOnes(transaction);
      // A SET LOCAL outlives the savepoint that is released.
      if (outer !== undefined && timeout !== undefined)
        await runner.query(`set local statement_timeout = ${outer.timeout ?? 'default'}`);
      await runner.commitTransaction();
      return result;
    });
  } catch (error) {
    await innerOnes(transaction);
    if (runner.isTransactionActive && !runner.isReleased) await runner.rollbackTransaction();
    throw error;
  }
}

/** Waits for inner transactions that the work didn't await: an open savepoint would be taken for the transaction. */
async function innerOnes(transaction: SharedTransaction): Promise<void> {
  for (let last; last !== transaction.inner;) await (last = transaction.inner);
}

/** Runs after the inner transactions that were started before it. */
function inTurn<T>(outer: SharedTransaction, begin: () => Promise<T>): Promise<T> {
  const result = outer.inner === undefined ? begin() : outer.inner.then(begin);
  outer.inner = result.catch(() => undefined);
  return result;
}

/** For a lost connection TypeORM only reports that it was released; this gives PostgreSQL's own error. */
function reasonOf(error: unknown, runner: QueryRunner): unknown {
  const isReleased =
    error instanceof QueryRunnerAlreadyReleasedError || error instanceof QueryRunnerProviderAlreadyReleasedError;
  return isReleased && runner instanceof IsolatedQueryRunner ? (runner.lost ?? error) : error;
}

function requireLimit(timeout: number | undefined): void {
  if (timeout === undefined || (Number.isInteger(timeout) && timeout > 0 && timeout <= LONGEST_MS)) return;
  throw new IsolationError(
    "A transaction's timeout is a whole number of milliseconds above 0, e.g. { timeout: 10_000 }.",
  );
}
