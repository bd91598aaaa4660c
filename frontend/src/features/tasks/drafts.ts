import { changesBetween } from './model/merge.ts';
import type { Task, TaskDraft } from './types.ts';

/** An edit that was begun and not saved. */
export interface Draft {
  /** The task when the edit began. */
  readonly base: Task;
  readonly values: TaskDraft;
}

/** Whether there is anything in the draft to lose. */
export const isDirty = ({ base, values }: Draft): boolean => Object.keys(changesBetween(base, values)).length > 0;

/** What was typed and not saved: the open edits by their tasks' ids, and the line for a new task. */
export class Drafts {
  #edits: ReadonlyMap<string, Draft> = new Map();
  #line = '';
  readonly #listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The open edits; the same object until one is opened, changed or closed. */
  get edits(): ReadonlyMap<string, Draft> {
    return this.#edits;
  }

  get line(): string {
    return this.#line;
  }

  keepLine(text: string): void {
    this.#line = text;
    this.#changed();
  }

  /** Opens an edit of the task, unless it is open. */
  open(task: Task): void {
    if (this.#edits.has(task.id)) return;
    const { title, description, status, priority, dueOn } = task;
    this.put({ base: task, values: { title, description, status, priority, dueOn } });
  }

  put(draft: Draft): void {
    this.#edits = new Map(this.#edits).set(draft.base.id, draft);
    this.#changed();
  }

  close(id: string): void {
    this.#edits = new Map([...this.#edits].filter(([other]) => other !== id));
    this.#changed();
  }

  /** Closes the edits in which nothing was changed. */
  closeUntouched(): void {
    const touched = [...this.#edits].filter(([, draft]) => isDirty(draft));
    if (touched.length === this.#edits.size) return;
    this.#edits = new Map(touched);
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
