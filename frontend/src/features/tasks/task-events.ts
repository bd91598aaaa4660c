import { ApiProblem, type ApiClient, type TaskEvent } from '@session-guard/api-client';
import type { QueryClient } from '@tanstack/react-query';
import { getTask } from './task-api.ts';
import { findTask, putTask, updateLists, withoutTask } from './task-cache.ts';

/** Several changes in a row, an import for instance, lead to one reload, this many milliseconds after the first. */
const GATHER = 150;

let reload: ReturnType<typeof setTimeout> | undefined;

/** Reads every list anew, soon; `needed` is asked again then. */
function reloadSoon(queryClient: QueryClient, needed: () => boolean): void {
  reload ??= setTimeout(() => {
    reload = undefined;
    if (needed()) void queryClient.invalidateQueries({ queryKey: ['tasks'] });
  }, GATHER);
}

async function refresh(queryClient: QueryClient, client: ApiClient, id: string): Promise<void> {
  try {
    putTask(queryClient, await getTask(client, id));
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) updateLists(queryClient, (list) => withoutTask(list, id));
    // Any other failure shows in the connection's banner, and the next event or reload makes up for it.
  }
}

/**
 * Brings a change made elsewhere into the cache. The echo of this page's own change is recognised by its version.
 * The events carry no content: what is shown is read with this person's own rights.
 */
export function applyTaskEvent(queryClient: QueryClient, client: ApiClient, event: TaskEvent): void {
  if (!('id' in event)) {
    if (event.type === 'reset') reloadSoon(queryClient, () => true);
    return;
  }
  const { id, version } = event;
  const known = findTask(queryClient, id);
  if (event.type === 'task.deleted') {
    if (known) updateLists(queryClient, (list) => withoutTask(list, id));
  } else if (event.type === 'task.updated') {
    // One that isn't shown may belong into a list now, a filtered one for instance.
    if (!known) reloadSoon(queryClient, () => true);
    else if (known.version < version) void refresh(queryClient, client, id);
  } else {
    // Where in which list it belongs is the API's to say; this page's own has arrived by then.
    reloadSoon(queryClient, () => !findTask(queryClient, id));
  }
}
