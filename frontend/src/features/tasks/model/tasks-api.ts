import type { NewTask, Task, TaskDraft, TaskFilters, TaskPage } from '../types.ts';

/**
 * What the store asks of the API. Every call throws an `ApiProblem` when it is refused and `NoAnswer` when no answer
 * comes.
 */
export interface TasksApi {
  /** One page of a list. Aborting the signal gives the call up. */
  list(filters: TaskFilters, cursor: string | null, signal: AbortSignal): Promise<TaskPage>;
  /** The task as it is now; undefined when it is gone. */
  get(id: string): Promise<Task | undefined>;
  /** Makes a task. `key` names the intention: sent again, it makes no second one. */
  create(draft: NewTask, key: string): Promise<Task>;
  /** Changes a task. With `version` it fails with 412 when somebody else was quicker; without, the last one wins. */
  update(id: string, change: Partial<TaskDraft>, version?: number): Promise<Task>;
  /** Deletes a task; one that is gone already counts as deleted. */
  remove(id: string): Promise<void>;
  /** Takes a deletion back: the same task, in its old place. */
  restore(id: string): Promise<Task>;
}
