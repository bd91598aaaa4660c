import type { ApiClient } from '@session-guard/api-client';
import { randomId } from '../../lib/random-id.ts';
import { beforeDeparture } from '../../lib/departure.ts';
import { onSignOut } from '../../lib/sign-out-news.ts';
import { Drafts, isDirty } from './drafts.ts';
import type { Entry, Intention } from './model/outbox.ts';
import { TaskStore } from './model/task-store.ts';
import { tasksApi } from './task-api.ts';
import type { Task } from './types.ts';
import { forgetUnsaved, readUnsaved, writeUnsaved } from './unsaved.ts';

export interface PageTasksEvents {
  /** @property task What the intention left; undefined for a deletion. */
  done: { intention: Intention; task: Task | undefined };
  refused: { intention: Intention; error: unknown };
}

/** The tasks of one open page: the store, the drafts, and what of both outlives the page. */
export class PageTasks {
  readonly store: TaskStore;
  readonly drafts = new Drafts();
  readonly #userId: string;
  readonly #listeners = new Set<(event: Partial<PageTasksEvents>) => void>();
  #loaded = false;

  constructor(client: ApiClient, userId: string) {
    this.#userId = userId;
    const tell = (event: Partial<PageTasksEvents>) => this.#listeners.forEach((listener) => listener(event));
    this.store = new TaskStore({
      api: tasksApi(client),
      newKey: randomId,
      isOnline: () => navigator.onLine,
      onDone: (intention, task) => tell({ done: { intention, task } }),
      onRefused: (error, intention) => tell({ refused: { intention, error } }),
    });
  }

  /** Hears how intentions end. */
  listen = (listener: (event: Partial<PageTasksEvents>) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Brings back what the page before has left. In the browser only; once. */
  load(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    forgetUnsaved(sessionStorage, this.#userId);
    const unsaved = readUnsaved(sessionStorage, this.#userId);
    if (!unsaved) return;
    this.store.restore(unsaved.entries, unsaved.beforeDone);
    for (const draft of unsaved.edits) this.drafts.put(draft);
    this.drafts.keepLine(unsaved.line);
  }

  /** Begins to ask, to send, and to keep what isn't saved. Returns what ends it. */
  start(): () => void {
    this.load();
    const keep = () => {
      writeUnsaved(sessionStorage, this.#userId, {
        entries: this.store.entries.map(withoutError),
        edits: [...this.drafts.edits.values()].filter(isDirty),
        line: this.drafts.line,
        beforeDone: this.store.beforeDone,
      });
    };
    const ends = [this.store.subscribe(keep), this.drafts.subscribe(keep), beforeDeparture(() => this.#saved())];
    const end = () => {
      this.store.stop();
      for (const one of ends.splice(0)) one();
    };
    // Whoever signs out by choice leaves nothing for the next person at this machine.
    const forget = () => {
      end();
      forgetUnsaved(sessionStorage);
    };
    ends.push(onSignOut(forget));
    this.store.start();
    return end;
  }

  /** Resolves when no change is under way any more: it has been answered, or waits for a person. */
  #saved(): Promise<void> {
    const isUnderWay = () =>
      this.store.entries.some(({ state, until }) => state === 'sending' || (state === 'waiting' && until < Infinity));
    return new Promise((resolve) => {
      const end = this.store.subscribe(() => check());
      const check = () => {
        if (isUnderWay()) return;
        end();
        resolve();
      };
      check();
    });
  }
}

/** Errors don't survive as text; what matters of them is in `unknown`. */
const withoutError = ({ error: _error, ...entry }: Entry): Entry => entry;
