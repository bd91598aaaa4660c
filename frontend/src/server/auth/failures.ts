import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<{ cause: unknown }>();

/** Given to Better Auth: it answers an unexpected error with 500 and tells this alone what it was. */
export function noteFailure(cause: unknown): void {
  const store = current.getStore();
  if (store) store.cause = cause;
  console.error('web: a request for Better Auth failed:', described(cause));
}

/** PostgreSQL's message and detail hold what was sent; its code and names don't. */
export function described(cause: unknown): unknown {
  const { code, table, column, constraint } = (cause ?? {}) as Record<string, unknown>;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? { code, table, column, constraint } : cause;
}

/** The answer, and the unexpected error that was met on the way to it. */
export async function causeOf<T>(work: () => Promise<T>): Promise<{ answer: T; cause: unknown }> {
  const store = { cause: undefined as unknown };
  return { answer: await current.run(store, work), cause: store.cause };
}

/**
 * Whether the database, or the runtime, refused a value that the client chose: of the wrong type, out of range, missing
 * (SQLSTATE class 22 and 23). Better Auth checks most of them itself, and answers the rest with 500.
 */
export function isUnsuitable(cause: unknown): boolean {
  if (cause instanceof RangeError) return true;
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^2[23]/.test(code) && code.length === 5;
}
