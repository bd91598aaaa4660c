import type { NewTask, Task, TaskDraft } from '../types.ts';
import type { KnownTask } from './known-tasks.ts';

/** A change the user asked for. Its key identifies it until its outcome is known, however often it is sent. */
export type Intention =
  | { readonly kind: 'add'; readonly key: string; readonly draft: NewTask }
  | { readonly kind: 'edit'; readonly key: string; readonly id: string; readonly change: Partial<TaskDraft> }
  | { readonly kind: 'delete'; readonly key: string; readonly id: string }
  /** @property task The task as it was deleted, to be shown meanwhile. */
  | { readonly kind: 'restore'; readonly key: string; readonly id: string; readonly task: Task };

/** An intention whose outcome isn't known yet. */
export interface Entry {
  readonly intention: Intention;
  /** `failed`: the user decides whether it is sent again. */
  readonly state: 'waiting' | 'sending' | 'failed';
  /** It may have been done: it was sent, and no answer came. */
  readonly unknown: boolean;
  readonly tries: number;
  /** The moment it was first sent. */
  readonly firstSent: number | undefined;
  /** When it may be sent, in milliseconds since 1970. */
  readonly until: number;
  readonly error?: unknown;
}

/** The tasks as the pending intentions will change them. */
export interface Overlay {
  /** The task as it will be; undefined when it is gone. */
  apply(id: string, known: KnownTask | undefined): Task | undefined;
  /** The tasks on their way to the API. */
  added(): Task[];
}

/** Ids of tasks that the API has not confirmed. */
const PROVISIONAL = 'new-';

/** Whether the API has confirmed a task yet. */
export const isProvisional = (id: string): boolean => id.startsWith(PROVISIONAL);

/** The key of the intention that adds a provisional task. */
export const keyOfProvisional = (id: string): string => id.slice(PROVISIONAL.length);

/** A due day as the API stores it. */
const noonOf = (day: string | null | undefined) => (day ? `${day}T12:00:00.000Z` : null);

function withChange(task: Task, change: Partial<TaskDraft>): Task {
  const due = change.dueOn === undefined ? {} : { dueAt: noonOf(change.dueOn) };
  return { ...task, ...change, ...due };
}

function provisional({ key, draft }: Extract<Intention, { kind: 'add' }>, place: number): Task {
  // Sorts after every task of the API, in the order of adding, whatever this machine's clock says.
  const createdAt = `~${String(place).padStart(6, '0')}`;
  const task = {
    description: null,
    status: 'todo',
    priority: 'medium',
    dueOn: null,
    dueAt: null,
    createdAt,
    updatedAt: createdAt,
    version: 0,
  } as const;
  return withChange({ ...task, id: PROVISIONAL + key, title: draft.title }, draft);
}

/** The pending intentions in their order. Immutable values in a mutable list; the store sends them. */
export class Outbox implements Overlay {
  #entries: Entry[] = [];

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  find(key: string): Entry | undefined {
    return this.#entries.find(({ intention }) => intention.key === key);
  }

  push(intention: Intention, state: Partial<Entry> = {}): void {
    this.#entries = [
      ...this.#entries,
      { intention, state: 'waiting', unknown: false, tries: 0, firstSent: undefined, until: 0, ...state },
    ];
  }

  update(key: string, change: Partial<Entry>): void {
    this.#entries = this.#entries.map((entry) => (entry.intention.key === key ? { ...entry, ...change } : entry));
  }

  remove(key: string): void {
    this.#entries = this.#entries.filter(({ intention }) => intention.key !== key);
  }

  /**
   * The intentions that may be sent now: of those for one task only the first, and new tasks one after another, which
   * keeps their order.
   */
  heads(): Entry[] {
    const lanes = new Set<string>();
    return this.#entries.filter(({ intention, state }) => {
      if (state === 'failed') return false;
      const lane = intention.kind === 'add' ? 'add' : intention.id;
      if (lanes.has(lane)) return false;
      lanes.add(lane);
      return true;
    });
  }

  /** Whether this page may have caused an event for this task: a request for it, or for a new task, is unanswered. */
  mayExplain(id: string): boolean {
    return this.#entries.some(({ intention, state, unknown }) => {
      const concerns = intention.kind === 'add' || intention.id === id;
      return concerns && (state === 'sending' || (state === 'waiting' && unknown));
    });
  }

  apply(id: string, known: KnownTask | undefined): Task | undefined {
    let task = known?.gone ? undefined : known?.task;
    for (const { intention, state } of this.#entries) {
      if (state === 'failed' || intention.kind === 'add' || intention.id !== id) continue;
      if (intention.kind === 'delete') task = undefined;
      else if (intention.kind === 'restore') task = known?.task ?? intention.task;
      else if (task) task = withChange(task, intention.change);
    }
    return task;
  }

  added(): Task[] {
    return this.#entries.flatMap(({ intention, state }, place) =>
      intention.kind === 'add' && state !== 'failed' ? [provisional(intention, place)] : [],
    );
  }

  /** The progress of a row's change; undefined when nothing is pending for it. */
  entryOf(id: string): Entry | undefined {
    return this.#entries.find(
      ({ intention, state }) =>
        state !== 'failed' && (intention.kind === 'add' ? PROVISIONAL + intention.key === id : intention.id === id),
    );
  }
}
