'use client';

import { ApiProblem } from '@session-guard/api-client';
import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { explain } from '../../lib/api/explain.ts';
import { randomId } from '../../lib/random-id.ts';
import { usePageApi } from '../live/page-providers.tsx';
import { createTask, deleteTask, listTasks, updateTask } from './task-api.ts';
import { flatten, matches, putTask, taskListKey, updateLists, withoutTask, withReplaced, withTask, type TaskList } from './task-cache.ts';
import type { Task, TaskDraft, TaskFilters, TaskPage } from './types.ts';

/** Ids of tasks that are on their way to the API. */
const PROVISIONAL = 'new-';

/** Whether the API has confirmed a task yet. */
export const isProvisional = (task: Task): boolean => task.id.startsWith(PROVISIONAL);

function complain(error: unknown): void {
  // Signed out: the page is being left already.
  if (error instanceof ApiProblem && error.status === 401) return;
  toast.error(explain(error));
}

/** The first page as the server made it, with the filters it is for. */
export interface FirstPage {
  filters: TaskFilters;
  page: TaskPage;
  /** When it was made, in milliseconds since 1970. */
  at: number;
}

const same = (a: TaskFilters, b: TaskFilters) => a.status === b.status && a.priority === b.priority && a.q === b.q && a.sort === b.sort;

/** The endless list for these filters. */
export function useTaskList(filters: TaskFilters, first: FirstPage | null) {
  const { client } = usePageApi();
  const initial: TaskList | undefined = first && same(first.filters, filters) ? { pages: [first.page], pageParams: [null] } : undefined;
  return useInfiniteQuery<TaskPage, Error, TaskList, ReturnType<typeof taskListKey>, string | null>({
    queryKey: taskListKey(filters),
    queryFn: ({ pageParam, signal }) => listTasks(client, filters, pageParam, signal),
    initialPageParam: null,
    getNextPageParam: (page) => page.page.nextCursor,
    placeholderData: keepPreviousData,
    ...(initial && first ? { initialData: initial, initialDataUpdatedAt: first.at } : {}),
  });
}

/** Adds a task: shown at once, replaced by what the API made of it, taken back when that fails. */
export function useAddTask() {
  const { client } = usePageApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ draft, key }: { draft: Partial<TaskDraft> & { title: string }; key: string }) => createTask(client, draft, key),
    onMutate: async ({ draft, key }) => {
      await queryClient.cancelQueries({ queryKey: ['tasks'] });
      const now = new Date().toISOString();
      const provisional: Task = {
        description: null,
        status: 'todo',
        priority: 'medium',
        dueOn: null,
        dueAt: null,
        ...draft,
        id: PROVISIONAL + key,
        createdAt: now,
        updatedAt: now,
        version: 0,
      };
      updateLists(queryClient, (list, filters) => (matches(filters, provisional) ? withTask(list, provisional) : list));
    },
    onSuccess: (task, { key }) => putTask(queryClient, task, PROVISIONAL + key),
    onError: (error, { key }) => {
      updateLists(queryClient, (list) => withoutTask(list, PROVISIONAL + key));
      complain(error);
    },
    onSettled: () => {
      // Only the API knows where in another order the new task belongs.
      void queryClient.invalidateQueries({ queryKey: ['tasks'], predicate: ({ queryKey }) => (queryKey[1] as TaskFilters).sort !== '-createdAt' });
    },
  });
}

/** Completes a task or opens it again: shown at once; the last one to say so wins. */
export function useToggleTask() {
  const { client } = usePageApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ task, done }: { task: Task; done: boolean }) => updateTask(client, task.id, { status: done ? 'done' : 'todo' }),
    onMutate: async ({ task, done }) => {
      await queryClient.cancelQueries({ queryKey: ['tasks'] });
      updateLists(queryClient, (list) => withReplaced(list, task.id, { ...task, status: done ? 'done' : 'todo' }));
    },
    onSuccess: (task) => putTask(queryClient, task),
    onError: (error, { task }) => {
      updateLists(queryClient, (list) => withReplaced(list, task.id, task));
      complain(error);
    },
  });
}

/** Deletes a task at once and offers to take it back, which makes it anew. */
export function useDeleteTask() {
  const { client } = usePageApi();
  const queryClient = useQueryClient();
  const add = useAddTask();
  return useMutation({
    mutationFn: (task: Task) => deleteTask(client, task.id),
    onMutate: async (task) => {
      await queryClient.cancelQueries({ queryKey: ['tasks'] });
      const before = queryClient.getQueriesData<TaskList>({ queryKey: ['tasks'] });
      updateLists(queryClient, (list) => withoutTask(list, task.id));
      return { before };
    },
    onSuccess: (_, task) => {
      const { title, description, status, priority, dueAt } = task;
      toast('Task deleted', {
        duration: 8_000,
        action: { label: 'Undo', onClick: () => add.mutate({ draft: { title, description, status, priority, dueAt }, key: randomId() }) },
      });
    },
    onError: (error, _task, context) => {
      for (const [key, list] of context?.before ?? []) queryClient.setQueryData(key, list);
      complain(error);
    },
    onSettled: () => {
      if (!hasAny(queryClient.getQueriesData<TaskList>({ queryKey: ['tasks'] }))) void queryClient.invalidateQueries({ queryKey: ['tasks'] });
    },
  });
}

/** Whether any cached list still shows something; an emptied one may have more behind its cursor. */
function hasAny(lists: [unknown, TaskList | undefined][]): boolean {
  return lists.every(([, list]) => flatten(list).length > 0);
}

/** Saves an edit made to `version` of a task. The caller deals with the failure: a 412 has a view of its own. */
export function useSaveTask() {
  const { client } = usePageApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, change, version }: { id: string; change: TaskDraft; version: number }) => updateTask(client, id, change, version),
    onSuccess: (task) => putTask(queryClient, task),
  });
}
