import type { ListTasksQuery, Task, TaskList as TaskPage, TaskPriority, TaskStatus } from '@session-guard/api-client';

export type { Task, TaskPage, TaskPriority, TaskStatus };

export const STATUSES = ['todo', 'in_progress', 'done'] as const satisfies TaskStatus[];
export const PRIORITIES = ['low', 'medium', 'high'] as const satisfies TaskPriority[];
export const SORTS = ['-createdAt', 'createdAt', 'dueOn', '-priority', 'title'] as const satisfies NonNullable<
  ListTasksQuery['sort']
>[];

export type TaskSort = (typeof SORTS)[number];

/** What the list shows; all of it is in the URL. */
export interface TaskFilters {
  status: TaskStatus | null;
  priority: TaskPriority | null;
  q: string;
  sort: TaskSort;
}

/** What a person can change of a task. `dueOn` is a day, `2030-01-31`. */
export type TaskDraft = Pick<Task, 'title' | 'description' | 'status' | 'priority' | 'dueOn'>;

/** A new task: its title, and what of the rest is not the default. */
export type NewTask = Partial<TaskDraft> & Pick<TaskDraft, 'title'>;

/** Longest title and notes the API takes, in characters. */
export const TITLE_MAX = 200;
export const NOTES_MAX = 5_000;

export const STATUS_LABELS: Record<TaskStatus, string> = { todo: 'To do', in_progress: 'In progress', done: 'Done' };
export const PRIORITY_LABELS: Record<TaskPriority, string> = { low: 'Low', medium: 'Medium', high: 'High' };
export const SORT_LABELS: Record<TaskSort, string> = {
  '-createdAt': 'Newest first',
  createdAt: 'Oldest first',
  dueOn: 'Due soonest',
  '-priority': 'Most important',
  title: 'By title',
};
