let departing = false;

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
 * Does what ends or changes the session, and then goes to `path`.
 *
 * The API tells of the session's end at once, often before the answer of whoever ended it: without this, the page
 * would take its own sign-out for one that came from elsewhere.
 *
 * @param act says whether it worked; when it did not, the page stays as it is
 * @example await departAfter('/sign-in', async () => (await authPost('/sign-out')).ok);
 */
export async function departAfter(path: string, act: () => Promise<boolean>): Promise<boolean> {
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
