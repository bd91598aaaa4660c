/** A task as the API gives it. */
export interface Task {
  id: string;
  title: string;
  description: string | null;
  status: TaskStatus;
  priority: TaskPriority;
  /** ISO 8601, or null. */
  dueAt: string | null;
  createdAt: string;
  updatedAt: string;
  /** Rises with every change; in quotes it is the ETag. */
  version: number;
}

export const STATUSES = ['todo', 'in_progress', 'done'] as const;
export const PRIORITIES = ['low', 'medium', 'high'] as const;
export const SORTS = ['-createdAt', 'createdAt', 'dueAt', '-priority', 'title'] as const;

export type TaskStatus = (typeof STATUSES)[number];
export type TaskPriority = (typeof PRIORITIES)[number];
export type TaskSort = (typeof SORTS)[number];

/** One page of a list; `nextCursor` is null on the last. */
export interface TaskPage {
  data: Task[];
  page: { nextCursor: string | null; limit: number };
}

/** What the list shows; all of it is in the URL. */
export interface TaskFilters {
  status: TaskStatus | null;
  priority: TaskPriority | null;
  q: string;
  sort: TaskSort;
}

/** What a person can change of a task. */
export type TaskDraft = Pick<Task, 'title' | 'description' | 'status' | 'priority' | 'dueAt'>;

export const STATUS_LABELS: Record<TaskStatus, string> = { todo: 'To do', in_progress: 'In progress', done: 'Done' };
export const PRIORITY_LABELS: Record<TaskPriority, string> = { low: 'Low', medium: 'Medium', high: 'High' };
export const SORT_LABELS: Record<TaskSort, string> = {
  '-createdAt': 'Newest first',
  createdAt: 'Oldest first',
  dueAt: 'Due soonest',
  '-priority': 'Most important',
  title: 'By title',
};
