import { PRIORITIES, type Task, type TaskFilters, type TaskSort } from '../types.ts';

/** Whether a list with these filters shows the task. For a search this is an estimate: the database decides. */
export function matches(filters: TaskFilters, task: Task): boolean {
  if (filters.status && task.status !== filters.status) return false;
  if (filters.priority && task.priority !== filters.priority) return false;
  const text = `${task.title}\n${task.description ?? ''}`.toLowerCase();
  return text.includes(filters.q.toLowerCase());
}

/**
 * Whether this module decides exactly as the database does. Text is the exception: the database collates it
 * differently.
 */
export function isExact({ sort, q }: TaskFilters): boolean {
  return sort !== 'title' && q === '';
}

/** Sorts after every date. */
const NO_DATE = '~';

function sortValue(sort: TaskSort, task: Task): string | number {
  switch (sort) {
    case 'createdAt':
    case '-createdAt':
      return task.createdAt;
    case 'dueOn':
      return task.dueAt ?? NO_DATE;
    case '-priority':
      return PRIORITIES.indexOf(task.priority);
    case 'title':
      return task.title.toLowerCase();
  }
}

/** Negative when `a` stands before `b` in a list with this order, 0 when they are the same row in the same place. */
export function compareTasks(sort: TaskSort, a: Task, b: Task): number {
  const [left, right] = [sortValue(sort, a), sortValue(sort, b)];
  const order = left < right ? -1 : left > right ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  return sort.startsWith('-') ? -order : order;
}
