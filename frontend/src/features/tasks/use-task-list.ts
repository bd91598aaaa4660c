'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';
import type { TaskListView } from './model/task-store.ts';
import { usePageTasks } from './tasks-context.tsx';
import type { TaskFilters, TaskPage } from './types.ts';

/** The first page as the server made it, with the filters it is for. */
export interface FirstPage {
  filters: TaskFilters;
  page: TaskPage;
}

/** The list for these filters; until it has come, the one before with `isOld`. */
export function useTaskList(filters: TaskFilters, first: FirstPage | null): TaskListView & { isOld: boolean } {
  const { store } = usePageTasks();
  // Before the first look at the list: the server and the browser's first render have to agree.
  useState(() => first && store.seed(first.filters, first.page));
  const read = () => store.view(filters);
  const view = useSyncExternalStore(store.subscribe, read, read);
  const [last, setLast] = useState(view);
  if (view.isLoaded && view !== last) setLast(view);

  const { status, priority, q, sort } = filters;
  useEffect(() => store.show({ status, priority, q, sort }), [store, status, priority, q, sort]);
  useEffect(() => () => store.hide(), [store]);

  if (view.isLoaded || !last.isLoaded) return { ...view, isOld: false };
  return { ...last, hasMore: false, error: view.error, isOld: true };
}
