import type { DataSource, EntityManager } from 'typeorm';
import { currentOwner, currentScope, runInScope } from './context/owner.context.ts';
import { NoOwnerError, OwnerMismatchError } from './isolation.error.ts';

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
   * @example await isolation.transaction(async () => { await this.orders.insert(order); await this.lines.insert(lines); });
   */
  async transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const outer = currentScope();
    if (outer?.transaction !== undefined) return work(outer.transaction.runner.manager);
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      const scope = { owner: () => outer?.owner(), transaction: { runner } };
      const result = await runInScope(scope, () => work(runner.manager));
      await runner.commitTransaction();
      return result;
    } catch (error) {
      if (runner.isTransactionActive && !runner.isReleased) await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.release();
    }
  }
}
