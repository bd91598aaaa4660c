/** Held in every tab of this browser while an answer of Better Auth is under way. */
const LOCK = 'session-guard.auth-call';

/** To wait for such an answer where tabs can't tell each other: pages that didn't come over HTTPS have no locks. */
const WITHOUT_LOCKS_MS = 400;

/** Makes a call that may replace this browser's session, and lets all tabs know that its answer is still to come. */
export async function duringAuthCall<T>(call: () => Promise<T>): Promise<T> {
  const release = await takeLock('shared');
  try {
    return await call();
  } finally {
    release?.();
  }
}

/**
 * Resolves once the calls that are under way now were answered. A changed password or a second step replaces the
 * session, and the news that the old one ended is often quicker than the answer with the new cookie.
 */
export async function authCallsAnswered(): Promise<void> {
  const release = await takeLock('exclusive');
  if (release) release();
  else await new Promise((resolve) => setTimeout(resolve, WITHOUT_LOCKS_MS));
}

/**
 * Waits for the Web Lock.
 *
 * @returns what releases it, or null where there are no locks or storage is denied to the page
 */
function takeLock(mode: LockMode): Promise<(() => void) | null> {
  if (!('locks' in navigator)) return Promise.resolve(null);
  return new Promise((taken) => {
    const held = () => new Promise<void>((release) => taken(release));
    navigator.locks.request(LOCK, { mode }, held).catch(() => taken(null));
  });
}
