/** Milliseconds a departure waits for what is being saved. */
const LONGEST_WAIT_MS = 15_000;

let departing = false;
const works = new Set<() => Promise<void>>();

/**
 * Whether this page is on its way to another one by somebody's choice; what ends its session meanwhile is part of that.
 */
export function isDeparting(): boolean {
  return departing;
}

/** Leaves this page, once: nothing more is asked of the API on the way. */
export function depart(path: string): void {
  if (departing) return;
  departing = true;
  window.location.assign(path);
}

/**
 * What is waited for before the session ends, so that a change which is under way isn't lost with it.
 *
 * @param work resolves when nothing more is to be waited for
 * @returns what takes it back
 */
export function beforeDeparture(work: () => Promise<void>): () => void {
  works.add(work);
  return () => works.delete(work);
}

/**
 * Does what ends or changes the session, and then goes to `path`.
 *
 * The API tells of the session's end at once, often before the answer of whoever ended it: without this, the page
 * would take its own sign-out for one that came from elsewhere.
 *
 * @param act says whether it worked; when it did not, the page stays as it is
 * @example await departAfter('/sign-in', async () => (await authPost('/sign-out')).ok);
 */
export async function departAfter(path: string, act: () => Promise<boolean>): Promise<boolean> {
  const longest = new Promise<void>((resolve) => setTimeout(resolve, LONGEST_WAIT_MS));
  await Promise.race([Promise.allSettled([...works].map((work) => work())), longest]);
  departing = true;
  try {
    const worked = await act();
    departing = worked;
    if (worked) window.location.assign(path);
    return worked;
  } catch (error) {
    departing = false;
    throw error;
  }
}
