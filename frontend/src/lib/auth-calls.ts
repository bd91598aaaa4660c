/** Held in every tab of this browser while an answer of Better Auth is under way. */
const LOCK = 'session-guard.auth-call';

/** How long to wait for such an answer without Web Locks, which pages outside of HTTPS don't have. */
const WITHOUT_LOCKS_MS = 400;

/** Makes a call that may replace this browser's session, and holds a lock in all tabs until it is answered. */
export async function duringAuthCall<T>(call: () => Promise<T>): Promise<T> {
  const release = await takeLock('shared');
  try {
    return await call();
  } finally {
    release?.();
  }
}

/**
 * Resolves when the calls that are under way now are answered. A changed password or a second factor replaces the
 * session, and the event that the old session ended often arrives before the answer with the new cookie.
 */
export async function authCallsAnswered(): Promise<void> {
  const release = await takeLock('exclusive');
  if (release) release();
  else await new Promise((resolve) => setTimeout(resolve, WITHOUT_LOCKS_MS));
}

/**
 * Waits for the Web Lock.
 *
 * @returns a function that releases it, or null where there are no locks or storage is denied to the page
 */
function takeLock(mode: LockMode): Promise<(() => void) | null> {
  if (!('locks' in navigator)) return Promise.resolve(null);
  return new Promise((taken) => {
    const held = () => new Promise<void>((release) => taken(release));
    navigator.locks.request(LOCK, { mode }, held).catch(() => taken(null));
  });
}
