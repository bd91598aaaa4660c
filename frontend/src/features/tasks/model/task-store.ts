import { ApiProblem, type TaskEvent } from '@session-guard/api-client';
import type { NewTask, Task, TaskDraft, TaskFilters, TaskPage } from '../types.ts';
import { KnownTasks } from './known-tasks.ts';
import { Outbox, type Entry, type Intention } from './outbox.ts';
import { readFailure } from './retry-policy.ts';
import { saveEdit, type SaveOutcome } from './save-edit.ts';
import { isExact } from './task-order.ts';
import { TaskListPages } from './task-list.ts';
import { rowsOf } from './task-view.ts';
import type { TasksApi } from './tasks-api.ts';

/** A list as a component shows it. */
export interface TaskListView {
  readonly tasks: readonly Task[];
  readonly isLoaded: boolean;
  readonly hasMore: boolean;
  /** The next page is being loaded. */
  readonly isLoadingMore: boolean;
  /** Why a page failed to load. */
  readonly error: unknown;
  /** The index of the page that a row belongs to, by the row's id. */
  readonly pageOf: ReadonlyMap<string, number>;
}

/** The store's dependencies. Times are in milliseconds. */
export interface TaskStoreOptions {
  readonly api: TasksApi;
  /** A new key for an intention. */
  readonly newKey: () => string;
  readonly now?: () => number;
  /** Calls back after a time; returns a function that cancels it. */
  readonly after?: (milliseconds: number, call: () => void) => () => void;
  /** Whether the machine is on a network, as far as it knows. */
  readonly isOnline?: () => boolean;
  /** A change other than a new task was refused for good. */
  readonly onRefused?: (error: unknown, intention: Intention) => void;
  /** An intention was carried out. @param task the result; undefined for a deletion */
  readonly onDone?: (intention: Intention, task: Task | undefined) => void;
}

/** Several events in a row, of an import for instance, lead to one refresh, this long after the first. */
const GATHER_MS = 150;

/** How often a new task is sent before its text is given back. */
const ADD_TRIES = 3;

const keyOf = ({ status, priority, q, sort }: TaskFilters) => JSON.stringify([status, priority, q, sort]);

const setsEqual = (a: ReadonlySet<number>, b: ReadonlySet<number>) =>
  a.size === b.size && [...a].every((item) => b.has(item));

/**
 * The tasks of this page. Combines the API's answers, this page's pending changes and events, so that every list ends
 * in the API's state, whatever was cancelled, lost or late. Independent of React.
 */
export class TaskStore {
  readonly #options: Required<TaskStoreOptions>;
  readonly #known = new KnownTasks();
  readonly #outbox = new Outbox();
  readonly #lists = new Map<string, TaskListPages>();
  readonly #views = new Map<string, TaskListView>();
  readonly #listeners = new Set<() => void>();
  /** Events that no answer has explained yet: ids with the newest version. */
  readonly #news = new Map<string, number>();
  #active: TaskListPages | undefined;
  #asking: { list: TaskListPages; index: number; abort: AbortController } | undefined;
  #tick = 0;
  /** The last moment at which events may have been missed. */
  #refreshed = 0;
  #running = false;
  #wakeUp: { at: number; cancel: () => void } | undefined;
  #gathering = false;

  constructor(options: TaskStoreOptions) {
    this.#options = {
      now: Date.now,
      after: (milliseconds, call) => {
        const timer = setTimeout(call, milliseconds);
        return () => clearTimeout(timer);
      },
      isOnline: () => true,
      onRefused: () => undefined,
      onDone: () => undefined,
      ...options,
    };
  }

  // What components read.

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The list with these filters; the same object until something changes. */
  view(filters: TaskFilters): TaskListView {
    const key = keyOf(filters);
    const view = this.#views.get(key) ?? this.#draw(this.#listOf(filters));
    this.#views.set(key, view);
    return view;
  }

  /** Everything that is not settled. */
  get entries(): readonly Entry[] {
    return this.#outbox.entries;
  }

  /** The progress of a row's change; undefined when nothing is pending for it. */
  entryOf(id: string): Entry | undefined {
    return this.#outbox.entryOf(id);
  }

  /** The newest known state of a task, deleted or not. */
  task(id: string): { task: Task | undefined; gone: boolean } | undefined {
    return this.#known.get(id);
  }

  /**
   * The last moment at which events may have been missed: tasks in no list are requested again then, see {@link find}.
   */
  get refreshed(): number {
    return this.#refreshed;
  }

  /** The state to keep over a reload, for {@link restore}. */
  get beforeDone(): [string, Task['status']][] {
    return this.#known.beforeDone;
  }

  // Input from the page.

  /** Starts loading and sending. Before, the store only shows what it was given. */
  start(): void {
    this.#running = true;
    this.#changed();
  }

  /** Stops that; a running request for a list is cancelled. */
  stop(): void {
    this.#running = false;
    this.#callOff();
    this.#wakeUp?.cancel();
    this.#wakeUp = undefined;
  }

  /** Takes a first page that the server has read. */
  seed(filters: TaskFilters, page: TaskPage): void {
    const list = this.#listOf(filters);
    if (list.isLoaded) return;
    // Read before this page knew anything: later states take precedence.
    const mayBeOld = this.#tick > 0;
    this.#accept(list, 0, null, page, 0);
    if (mayBeOld) list.markStale(++this.#tick);
  }

  /** Takes over the pending changes of the page before: sent with the same keys, they are made once. */
  restore(entries: readonly Entry[], beforeDone: [string, Task['status']][]): void {
    this.#known.beforeDone = beforeDone;
    for (const { intention, ...entry } of entries) {
      if (this.#outbox.find(intention.key)) continue;
      if (intention.kind === 'restore') this.#known.learnGone(intention.id, 0, intention.task.version);
      this.#outbox.push(intention, {
        ...entry,
        until: 0,
        unknown: entry.unknown || entry.state === 'sending',
        state: entry.state === 'failed' ? 'failed' : 'waiting',
        firstSent: undefined,
      });
    }
    this.#changed();
  }

  /** Makes this list the one that is kept up to date. */
  show(filters: TaskFilters): void {
    const list = this.#listOf(filters);
    if (list === this.#active) return;
    this.#callOff();
    this.#active = list;
    list.inView = new Set([0]);
    // Coming back to a failed list retries it, unless it has to wait.
    if (list.failure?.until === Infinity) list.failure = undefined;
    this.#changed();
  }

  /** No list is shown: none is kept up to date until one is. */
  hide(): void {
    this.#callOff();
    this.#active = undefined;
  }

  /** Whether the list that is shown has this task. */
  isShown(id: string): boolean {
    return this.#active !== undefined && this.view(this.#active.filters).tasks.some((task) => task.id === id);
  }

  /** Which pages of the list are in view. */
  look(pages: ReadonlySet<number>): void {
    if (!this.#active || pages.size === 0 || setsEqual(pages, this.#active.inView)) return;
    this.#active.inView = pages;
    this.#changed();
  }

  /** Loads one more page. */
  more(): void {
    const list = this.#active;
    if (!list?.hasMore || list.failure || this.#asking || list.wanted > list.pages.length) return;
    list.wanted = list.pages.length + 1;
    this.#changed();
  }

  /** Retries at once what failed. */
  tryAgain(): void {
    const list = this.#active;
    // The cursor was refused: start again with the first page.
    if (list?.failure?.error instanceof ApiProblem && list.failure.error.status === 400)
      list.pages = list.pages.slice(0, 1);
    this.wake();
  }

  /** The API may be reachable again: retries without waiting any longer. */
  wake(): void {
    for (const { intention, state } of this.#outbox.entries)
      if (state === 'waiting') this.#outbox.update(intention.key, { until: 0 });
    if (this.#active?.failure) {
      this.#active.failure = undefined;
      this.#active.failures = 0;
    }
    this.#changed();
  }

  /** Events may have been missed: refreshes every list. */
  refresh(): void {
    this.#markStale(() => true);
    this.#refreshed = this.#tick;
    this.#changed();
  }

  /** A change made here or elsewhere. The echo of this page's own change is recognised by its version. */
  event(event: TaskEvent): void {
    if (event.type === 'reset') this.refresh();
    if (!('id' in event)) return;
    const { id, version } = event;
    if (event.type === 'task.deleted') {
      this.#known.learnGone(id, ++this.#tick, version);
      this.#changed();
    } else if (!this.#known.isCurrent(id, version)) {
      this.#news.set(id, Math.max(version, this.#news.get(id) ?? 0));
      this.#gather();
    }
  }

  // Actions of the user.

  /** Adds a task; returns the intention's key. */
  add(draft: NewTask): string {
    return this.#intend({ kind: 'add', key: this.#options.newKey(), draft });
  }

  /** Sends a failed intention again, with its key. */
  retry(key: string): void {
    if (this.#outbox.find(key)?.state !== 'failed') return;
    this.#outbox.update(key, { state: 'waiting', until: 0, tries: 0, error: undefined });
    this.#changed();
  }

  /** Discards a failed intention. */
  discard(key: string): void {
    this.#outbox.remove(key);
    this.#changed();
  }

  /** Completes a task, or restores its status before. The last call wins. */
  setDone(id: string, done: boolean): void {
    const status = done ? 'done' : this.#known.statusBeforeDone(id);
    const last = this.#outbox.entries.findLast(({ intention }) => intention.kind !== 'add' && intention.id === id);
    if (last?.intention.kind === 'edit' && last.state === 'waiting' && last.tries === 0)
      this.#outbox.remove(last.intention.key);
    this.#intend({ kind: 'edit', key: this.#options.newKey(), id, change: { status } });
  }

  delete(id: string): void {
    this.#intend({ kind: 'delete', key: this.#options.newKey(), id });
  }

  /** Undoes a deletion. */
  undelete(id: string): void {
    const task = this.#known.get(id)?.task;
    if (task) this.#intend({ kind: 'restore', key: this.#options.newKey(), id, task });
  }

  /**
   * Loads the state of a task that may be in no list. Without an answer nothing changes.
   *
   * @param since Nothing is asked when it is known for a moment after this one, see {@link refreshed}.
   */
  async find({ id, version: least }: Pick<Task, 'id' | 'version'>, since: number): Promise<void> {
    const known = this.#known.get(id);
    if (known && known.learnt > since) return;
    const version = known?.version ?? least;
    const asked = ++this.#tick;
    let task: Task | undefined;
    try {
      task = await this.#options.api.get(id);
    } catch {
      return;
    }
    if (!task) this.#known.learnGone(id, asked, version);
    else if (this.#known.learn(task, asked) !== undefined) this.#markInexactStale();
    this.#changed();
  }

  /** Saves an edit that was made to `base`. @throws as {@link saveEdit} */
  async save(base: Task, mine: TaskDraft): Promise<SaveOutcome> {
    const version = this.#known.get(base.id)?.version ?? base.version;
    const begun = ++this.#tick;
    const outcome = await saveEdit(this.#options.api, base, mine, (task) => {
      const isOld = this.#refreshed > begun;
      this.#learn(task, isOld ? begun : ++this.#tick);
      this.#markStale(({ filters }) => isOld || !isExact(filters));
    });
    if (outcome.kind === 'gone') this.#known.learnGone(base.id, ++this.#tick, version);
    this.#changed();
    return outcome;
  }

  /**
   * Brings a task back that was deleted during an edit, so that the edit can be saved; one that was removed for good is
   * made anew from the edit.
   *
   * @returns Whether the edit is still to be saved.
   * @throws {ApiProblem | NoAnswer}
   */
  async bringBack(id: string, mine: TaskDraft): Promise<boolean> {
    try {
      this.#learn(await this.#options.api.restore(id), ++this.#tick);
      this.#markInexactStale();
      this.#changed();
      return true;
    } catch (error) {
      if (!(error instanceof ApiProblem && error.status === 404)) throw error;
      this.add(mine);
      return false;
    }
  }

  // Internals.

  #intend(intention: Intention): string {
    this.#outbox.push(intention);
    this.#changed();
    return intention.key;
  }

  #listOf(filters: TaskFilters): TaskListPages {
    const key = keyOf(filters);
    const list = this.#lists.get(key) ?? new TaskListPages(filters);
    this.#lists.set(key, list);
    return list;
  }

  #learn(task: Task, answered: number): void {
    this.#known.learn(task, answered, answered);
  }

  #markStale(which: (list: TaskListPages) => boolean): void {
    this.#tick += 1;
    for (const list of this.#lists.values()) if (which(list)) list.markStale(this.#tick);
  }

  /** Where text decides the order, only the database knows how a change affects a list. */
  #markInexactStale(): void {
    this.#markStale(({ filters }) => !isExact(filters));
  }

  #changed(): void {
    this.#pump();
    this.#views.clear();
    for (const listener of this.#listeners) listener();
  }

  #draw(list: TaskListPages): TaskListView {
    const pageOf = new Map<string, number>();
    const tasks = rowsOf(list, this.#known, this.#outbox);
    const said = new Map(list.pages.flatMap(({ tasks: rows }, index) => rows.map(({ id }) => [id, index] as const)));
    let page = 0;
    for (const { id } of tasks) pageOf.set(id, (page = said.get(id) ?? page));
    const isLoadingMore = this.#asking?.list === list && this.#asking.index >= list.pages.length;
    return { tasks, isLoaded: list.isLoaded, hasMore: list.hasMore, isLoadingMore, error: list.failure?.error, pageOf };
  }

  /** Refreshes the lists for events that no answer explains, once this page's own requests are answered. */
  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    this.#options.after(GATHER_MS, () => {
      this.#gathering = false;
      this.#readNews();
    });
  }

  #readNews(): void {
    let unexplained = false;
    for (const [id, version] of this.#news) {
      if (!this.#known.isCurrent(id, version) && this.#outbox.mayExplain(id)) continue;
      unexplained ||= !this.#known.isCurrent(id, version);
      this.#news.delete(id);
    }
    if (unexplained) this.refresh();
  }

  /** Sends the requests that are due. */
  #pump(): void {
    if (!this.#running) return;
    const now = this.#options.now();
    const later: number[] = [];
    for (const entry of this.#outbox.heads()) {
      if (entry.state !== 'waiting') continue;
      if (entry.until <= now) void this.#send(entry);
      else later.push(entry.until);
    }
    const list = this.#active;
    const index = list?.due;
    if (list && index !== undefined && !this.#asking) {
      if (!list.failure || list.failure.until <= now) void this.#ask(list, index);
      else if (list.failure.until < Infinity) later.push(list.failure.until);
    }
    this.#wakeAt(Math.min(...later));
  }

  #wakeAt(at: number): void {
    if (this.#wakeUp?.at === at) return;
    this.#wakeUp?.cancel();
    this.#wakeUp = undefined;
    if (at === Infinity) return;
    const cancel = this.#options.after(Math.max(at - this.#options.now(), 0), () => {
      this.#wakeUp = undefined;
      this.#changed();
    });
    this.#wakeUp = { at, cancel };
  }

  #callOff(): void {
    this.#asking?.abort.abort();
    this.#asking = undefined;
  }

  #accept(list: TaskListPages, index: number, cursor: string | null, page: TaskPage, asked: number): void {
    const news = page.data.map((task) => this.#known.learn(task, asked)).filter((before) => before !== undefined);
    list.accept(index, cursor, page, asked);
    if (news.length > 0) this.#markStale((other) => other !== list && !isExact(other.filters));
    // A state that was known before may come from another page of this list.
    if (!isExact(list.filters) && news.some((before) => before !== 'nothing')) list.markStale(asked);
  }

  async #ask(list: TaskListPages, index: number): Promise<void> {
    const asking = { list, index, abort: new AbortController() };
    this.#asking = asking;
    const asked = ++this.#tick;
    const cursor = list.cursorOf(index);
    try {
      const page = await this.#options.api.list(list.filters, cursor, asking.abort.signal);
      if (this.#asking !== asking) return;
      this.#accept(list, index, cursor, page, asked);
    } catch (error) {
      // Cancelled: the list stays due for when it is shown again.
      if (this.#asking !== asking) return;
      this.#noteFailure(list, index, error);
    }
    this.#asking = undefined;
    this.#changed();
  }

  #noteFailure(list: TaskListPages, index: number, error: unknown): void {
    list.failures += 1;
    const { retryIn } = readFailure(error, list.failures);
    const limited = error instanceof ApiProblem && error.status === 429;
    // The user may retry a page that extends the list; a page that refreshes it is retried automatically.
    const byItself = retryIn !== undefined && (index < list.pages.length || (!limited && list.failures < ADD_TRIES));
    list.failure = { error, index, until: byItself ? this.#options.now() + retryIn : Infinity };
  }

  async #send({ intention, tries, firstSent = this.#tick + 1, unknown }: Entry): Promise<void> {
    const { key } = intention;
    const sent = ++this.#tick;
    this.#outbox.update(key, { state: 'sending', tries: tries + 1, firstSent });
    const online = this.#options.isOnline();
    // A later version was seen after the task was found deleted.
    const version = intention.kind === 'add' ? 0 : (this.#known.get(intention.id)?.version ?? 0);
    try {
      const task = await this.#carryOut(intention);
      this.#outbox.remove(key);
      // The answer to a copy says how the new task was when it was made, and what an answer says may have changed
      // unheard.
      const isCopy = unknown && intention.kind === 'add';
      const isOld = isCopy || this.#refreshed > sent;
      this.#settle(intention, task, version, isCopy ? firstSent : isOld ? sent : ++this.#tick);
      if (isOld) this.#markStale(() => true);
    } catch (error) {
      this.#noteRefusal(intention, error, { tries: tries + 1, unknown, online, version });
    }
    this.#readNews();
    this.#changed();
  }

  async #carryOut(intention: Intention): Promise<Task | undefined> {
    const { api } = this.#options;
    switch (intention.kind) {
      case 'add':
        return api.create(intention.draft, intention.key);
      case 'edit':
        return api.update(intention.id, intention.change);
      case 'restore':
        return api.restore(intention.id);
      case 'delete':
        await api.remove(intention.id);
        return undefined;
    }
  }

  #settle(intention: Intention, task: Task | undefined, version: number, learnt: number): void {
    if (task) this.#learn(task, learnt);
    else if (intention.kind === 'delete') this.#known.learnGone(intention.id, learnt, version);
    if (intention.kind !== 'delete') this.#markInexactStale();
    this.#options.onDone(intention, task);
  }

  #noteRefusal(
    intention: Intention,
    error: unknown,
    sent: { tries: number; unknown: boolean; online: boolean; version: number },
  ): void {
    const { key } = intention;
    const failure = readFailure(error, sent.tries);
    // Offline before and after the request: it was never sent.
    const unknown = sent.unknown || (failure.unknown && sent.online);
    // Signed out: pending changes are sent after the next sign-in.
    if (error instanceof ApiProblem && error.status === 401)
      return this.#outbox.update(key, { state: 'waiting', until: Infinity, error });
    const again = failure.retryIn !== undefined && (intention.kind !== 'add' || this.#maySendAgain(error, sent.tries));
    if (again)
      return this.#outbox.update(key, {
        state: 'waiting',
        unknown,
        error,
        until: this.#options.now() + (failure.retryIn ?? 0),
      });
    if (unknown) this.#markStale(() => true);
    if (intention.kind === 'add') return this.#outbox.update(key, { state: 'failed', unknown, error });
    this.#outbox.remove(key);
    if (error instanceof ApiProblem && error.status === 404)
      this.#known.learnGone(intention.id, ++this.#tick, sent.version);
    this.#options.onRefused(error, intention);
  }

  /** When offline, a new task is given back soon, so that the user sees its text again. */
  #maySendAgain(error: unknown, tries: number): boolean {
    if (error instanceof ApiProblem && error.status === 429) return true;
    return readFailure(error, tries).unknown && tries < ADD_TRIES && this.#options.isOnline();
  }
}
