import { type DataSource, type EntityManager, type QueryRunner, QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { currentOwner, currentScope, type OwnerScope, runInScope, type SharedTransaction } from './context/owner.context.ts';
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

/** Whom the running code acts for, and transactions that several services share. */
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
   * Runs `work` in one transaction that everything inside takes part in: repositories, query builders and raw SQL of
   * any service, without handing a manager around. Inside another one it joins it. Rolls back when `work` throws.
   *
   * Wait for nothing but the database in it: it holds a connection, and PostgreSQL ends one that idles.
   *
   * @param options a longer limit for slow statements; inside another transaction it holds for `work` alone
   * @throws {IsolationError} when the limit is not a whole number of milliseconds above 0
   * @example await isolation.transaction(async () => { await this.orders.insert(order); await this.lines.insert(lines); });
   * @example await isolation.transaction(() => this.reports.yearly(), { timeout: 10_000 });
   */
  async transaction<T>(work: (manager: EntityManager) => Promise<T>, { timeout }: TransactionOptions = {}): Promise<T> {
    requireLimit(timeout);
    const outer = currentScope();
    if (outer?.transaction !== undefined) return joined(outer, outer.transaction, work, timeout);
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      if (timeout !== undefined) await runner.query(`set local statement_timeout = ${timeout}`);
      const scope = { owner: () => outer?.owner(), transaction: { runner, timeout } };
      // The commit too: deferred constraints are checked in it, within the same limit.
      return await runInScope(scope, async () => {
        const result = await work(runner.manager);
        await runner.commitTransaction();
        return result;
      });
    } catch (error) {
      if (runner.isTransactionActive && !runner.isReleased) await runner.rollbackTransaction();
      throw reasonOf(error, runner);
    } finally {
      await runner.release();
    }
  }
}

/** Takes part in the transaction that is open; a limit of its own ends with the work. */
async function joined<T>(scope: OwnerScope, transaction: SharedTransaction, work: (manager: EntityManager) => Promise<T>, timeout?: number): Promise<T> {
  const { runner } = transaction;
  if (timeout === undefined) return work(runner.manager);
  await runner.query(`set local statement_timeout = ${timeout}`);
  const result = await runInScope({ owner: () => scope.owner(), transaction: { runner, timeout } }, () => work(runner.manager));
  await runner.query(`set local statement_timeout = ${transaction.timeout ?? 'default'}`);
  return result;
}

/** TypeORM says of a connection that was lost meanwhile only that it was released: PostgreSQL's own word says why. */
function reasonOf(error: unknown, runner: QueryRunner): unknown {
  const isReleased = error instanceof QueryRunnerAlreadyReleasedError || error instanceof QueryRunnerProviderAlreadyReleasedError;
  return isReleased && runner instanceof IsolatedQueryRunner ? (runner.lost ?? error) : error;
}

function requireLimit(timeout: number | undefined): void {
  if (timeout === undefined || (Number.isInteger(timeout) && timeout > 0 && timeout <= LONGEST_MS)) return;
  throw new IsolationError('A transaction\'s timeout is a whole number of milliseconds above 0, e.g. { timeout: 10_000 }.');
}
