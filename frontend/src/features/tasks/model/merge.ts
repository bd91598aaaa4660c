import type { Task, TaskDraft } from '../types.ts';

export const FIELDS = ['title', 'description', 'status', 'priority', 'dueOn'] as const satisfies (keyof TaskDraft)[];

/** The fields in which `after` differs from `before`, with its values. */
export function changesBetween(before: TaskDraft, after: TaskDraft): Partial<TaskDraft> {
  return Object.fromEntries(
    FIELDS.filter((field) => after[field] !== before[field]).map((field) => [field, after[field]]),
  );
}

/** An edit and the task as it is saved, compared field by field. */
export interface Merge {
  /** The fields still to save: those that were edited and are saved with another value. */
  change: Partial<TaskDraft>;
  /** The fields that were changed on both sides, to different values. */
  conflicts: (keyof TaskDraft)[];
}

/**
 * Merges an edit with the task as it was saved meanwhile. A field that only one side changed is no conflict, nor is one
 * that both changed to the same value, so an edit whose answer was lost never conflicts with itself.
 *
 * @param base The task when the edit began.
 */
export function mergeEdit(base: TaskDraft, mine: TaskDraft, saved: Task): Merge {
  const edited = FIELDS.filter((field) => mine[field] !== base[field] && mine[field] !== saved[field]);
  return {
    change: Object.fromEntries(edited.map((field) => [field, mine[field]])),
    conflicts: edited.filter((field) => saved[field] !== base[field]),
  };
}
