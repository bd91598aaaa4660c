import { ApiProblem } from '@session-guard/api-client';
import type { Task, TaskDraft } from '../types.ts';
import { changesBetween, mergeEdit } from './merge.ts';
import type { TasksApi } from './tasks-api.ts';

/** How saving an edit ended. */
export type SaveOutcome =
  | { readonly kind: 'saved' }
  /** Some fields were changed on both sides: nothing was overwritten. */
  | { readonly kind: 'conflict'; readonly saved: Task; readonly fields: readonly (keyof TaskDraft)[] }
  /** The task was deleted meanwhile. */
  | { readonly kind: 'gone' };

const isStatus = (error: unknown, status: number) => error instanceof ApiProblem && error.status === status;

/**
 * Saves an edit with `If-Match` on the version it was made from. When the task was changed meanwhile the two are merged
 * by field. Safe to call again after a lost answer.
 *
 * @param learn gets every state of the task that the API returns
 * @throws {ApiProblem | NoAnswer} when the API refuses for another reason, or doesn't answer
 */
export async function saveEdit(
  api: TasksApi,
  base: Task,
  mine: TaskDraft,
  learn: (task: Task) => void,
): Promise<SaveOutcome> {
  let change = changesBetween(base, mine);
  let version = base.version;
  while (Object.keys(change).length > 0) {
    try {
      learn(await api.update(base.id, change, version));
      break;
    } catch (error) {
      if (isStatus(error, 404)) return { kind: 'gone' };
      if (!isStatus(error, 412)) throw error;
    }
    const saved = await api.get(base.id);
    if (!saved) return { kind: 'gone' };
    learn(saved);
    const merge = mergeEdit(base, mine, saved);
    if (merge.conflicts.length > 0) return { kind: 'conflict', saved, fields: merge.conflicts };
    ({ change } = merge);
    ({ version } = saved);
  }
  return { kind: 'saved' };
}
