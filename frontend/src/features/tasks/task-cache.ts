import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Task, TaskFilters, TaskPage } from './types.ts';

/** What the cache holds for one set of filters. */
export type TaskList = InfiniteData<TaskPage, string | null>;

/** The key of the list for these filters. */
export const taskListKey = (filters: TaskFilters) => ['tasks', filters] as const;

/** Whether the list for `filters` would show `task`. */
export function matches(filters: TaskFilters, task: Task): boolean {
  if (filters.status && task.status !== filters.status) return false;
  if (filters.priority && task.priority !== filters.priority) return false;
  const text = `${task.title}\n${task.description ?? ''}`.toLowerCase();
  return text.includes(filters.q.toLowerCase());
}

/** All tasks of a list, in order. */
export function flatten(list: TaskList | undefined): Task[] {
  return list?.pages.flatMap(({ data }) => data) ?? [];
}

const mapPages = (list: TaskList, change: (tasks: Task[], page: number) => Task[]): TaskList => ({
  ...list,
  pages: list.pages.map((page, index) => ({ ...page, data: change(page.data, index) })),
});

/** The list with `task` at its top, unless it is in it. */
export function withTask(list: TaskList, task: Task): TaskList {
  if (flatten(list).some(({ id }) => id === task.id)) return list;
  return mapPages(list, (tasks, page) => (page === 0 ? [task, ...tasks] : tasks));
}

/** The list without the task. */
export function withoutTask(list: TaskList, id: string): TaskList {
  return mapPages(list, (tasks) => tasks.filter((task) => task.id !== id));
}

/** The list with the task of that id replaced; an older version never replaces a newer one. */
export function withReplaced(list: TaskList, id: string, replacement: Task): TaskList {
  const taken = id !== replacement.id && flatten(list).some((task) => task.id === replacement.id);
  if (taken) return withoutTask(list, id);
  return mapPages(list, (tasks) => tasks.map((task) => (task.id === id && (task.id !== replacement.id || replacement.version >= task.version) ? replacement : task)));
}

/** Changes every cached list; `change` sees the filters the list was made with. */
export function updateLists(queryClient: QueryClient, change: (list: TaskList, filters: TaskFilters) => TaskList): void {
  for (const [key, list] of queryClient.getQueriesData<TaskList>({ queryKey: ['tasks'] })) {
    const filters = key[1] as TaskFilters;
    if (list) queryClient.setQueryData<TaskList>(key, change(list, filters));
  }
}

/** The task as any cached list knows it. */
export function findTask(queryClient: QueryClient, id: string): Task | undefined {
  for (const [, list] of queryClient.getQueriesData<TaskList>({ queryKey: ['tasks'] })) {
    const task = flatten(list).find((candidate) => candidate.id === id);
    if (task) return task;
  }
  return undefined;
}

/** Puts a task's saved state everywhere it is shown, and takes it out of lists it no longer belongs to. */
export function putTask(queryClient: QueryClient, task: Task, formerId = task.id): void {
  updateLists(queryClient, (list, filters) => (matches(filters, task) ? withReplaced(list, formerId, task) : withoutTask(list, formerId)));
}
