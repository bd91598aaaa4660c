import type { Task } from '../../types.ts';

/** A task as the API may have it, with what a test cares about. Tasks with a higher `age` were made later. */
export function someTask({ age = 1, ...given }: Partial<Task> & { readonly age?: number } = {}): Task {
  const createdAt = `2030-01-01T00:00:00.${String(age).padStart(3, '0')}Z`;
  return {
    id: `task-${age}`,
    title: `Task ${age}`,
    description: null,
    status: 'todo',
    priority: 'medium',
    dueOn: null,
    dueAt: null,
    createdAt,
    updatedAt: createdAt,
    version: 1,
    ...given,
  };
}
