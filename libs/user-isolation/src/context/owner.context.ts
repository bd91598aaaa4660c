import { AsyncLocalStorage } from 'node:async_hooks';
import type { QueryRunner } from 'typeorm';

/** What is known about the user the current code acts for. */
export interface OwnerScope {
  /**
   * The owner's id, or undefined while no user is verified. Read at each use: the guard runs after the scope opened.
   */
  owner(): string | undefined;
  /** The transaction the scope's queries share, if one is open. */
  transaction?: SharedTransaction;
}

/** A transaction several services take part in without passing a manager around. */
export interface SharedTransaction {
  readonly runner: QueryRunner;
  /** Milliseconds a statement may take, where the work asked for another limit than the pool's. */
  readonly timeout?: number | undefined;
  /** The last of the transactions inside of it; they follow one another, as PostgreSQL's savepoints must. */
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
