import { AsyncLocalStorage } from 'node:async_hooks';
import type { QueryRunner } from 'typeorm';

/** The user for whom the current code acts. */
export interface OwnerScope {
  /**
   * The owner's id, or undefined while no user is verified. Read at each use: the guard runs after the scope opens.
   */
  owner(): string | undefined;
  /** The open transaction that the scope's queries share. */
  transaction?: SharedTransaction;
}

/** A transaction that several services share without passing a manager around. */
export interface SharedTransaction {
  readonly runner: QueryRunner;
  /** Milliseconds a statement may take, when it isn't the pool's limit. */
  readonly timeout?: number | undefined;
  /** The last inner transaction. Inner transactions run one after another, as PostgreSQL's savepoints must. */
  inner?: Promise<unknown>;
}

const storage = new AsyncLocalStorage<OwnerScope>();

/** Runs `work`, and all it awaits, in `scope`. */
export function runInScope<T>(scope: OwnerScope, work: () => T): T {
  return storage.run(scope, work);
}

/** The scope of the running code; undefined outside of requests and jobs. */
export function currentScope(): OwnerScope | undefined {
  return storage.getStore();
}

/** The id of the user the running code acts for; undefined when there is none. */
export function currentOwner(): string | undefined {
  return storage.getStore()?.owner();
}
