import type { QueryClient } from '@tanstack/react-query';
import type { PageApi } from '../../lib/api/page-api.ts';
import { ApiError } from '../../lib/api/problem.ts';
import { getTask } from './task-api.ts';
import { findTask, putTask, updateLists, withoutTask } from './task-cache.ts';

function parse(data: string): { id: string; version: number } | undefined {
  try {
    const { id, version } = JSON.parse(data) as { id?: unknown; version?: unknown };
    return typeof id === 'string' ? { id, version: typeof version === 'number' ? version : 0 } : undefined;
  } catch {
    return undefined;
  }
}

/** Several changes in a row, an import for instance, lead to one reload, this many milliseconds after the first. */
const GATHER = 150;

let reload: ReturnType<typeof setTimeout> | undefined;

/**
 * Brings a change made elsewhere into the cache. The echo of this page's own change is recognised by its version.
 * The events carry no content: what is shown is read with this person's own rights.
 */
export function applyTaskEvent(queryClient: QueryClient, api: PageApi, event: string, data: string): void {
  const change = parse(data);
  if (!change) return;
  const { id, version } = change;
  const known = findTask(queryClient, id);

  if (event === 'task.deleted') {
    if (known) updateLists(queryClient, (list) => withoutTask(list, id));
  } else if (event === 'task.updated' && known) {
    if (known.version >= version) return;
    getTask(api, id).then(
      (task) => putTask(queryClient, task),
      (error: unknown) => {
        if (error instanceof ApiError && error.status === 404) updateLists(queryClient, (list) => withoutTask(list, id));
      },
    );
  } else if (event === 'task.created' || event === 'task.updated') {
    if (known) return;
    // Where in which list it belongs is the API's to say.
    reload ??= setTimeout(() => {
      reload = undefined;
      if (event === 'task.created' && findTask(queryClient, id)) return;
      void queryClient.invalidateQueries({ queryKey: ['tasks'] });
    }, GATHER);
  }
}
