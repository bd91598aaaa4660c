/** Held in every tab of this browser while an answer of Better Auth is under way. */
const LOCK = 'session-guard.auth-call';

/** Milliseconds to wait for such an answer where tabs can't tell each other: pages that didn't come over HTTPS have no locks. */
const WITHOUT_LOCKS_MS = 400;

/** Web Locks, where the browser has them. */
const locks = (): LockManager | undefined => ('locks' in navigator ? navigator.locks : undefined);

/** Makes a call that may replace this browser's session, and lets all tabs know that its answer is still to come. */
export async function duringAuthCall<T>(call: () => Promise<T>): Promise<T> {
  const manager = locks();
  return manager ? manager.request(LOCK, { mode: 'shared' }, call) : call();
}

/**
 * Resolves once the calls that are under way now were answered. A changed password or a second step replaces the
 * session, and the news that the old one ended is often quicker than the answer with the new cookie.
 */
export async function authCallsAnswered(): Promise<void> {
  const manager = locks();
  if (manager) await manager.request(LOCK, () => undefined);
  else await new Promise((resolve) => setTimeout(resolve, WITHOUT_LOCKS_MS));
}
