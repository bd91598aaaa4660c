import { ApiProblem, type TaskEvent } from '@session-guard/api-client';
import { NoAnswer } from '../../../../lib/api/no-answer.ts';
import { PRIORITIES, type NewTask, type Task, type TaskDraft, type TaskFilters, type TaskPage } from '../../types.ts';
import type { TasksApi } from '../tasks-api.ts';

/** Rows a page. Small, so that few tasks make many pages. */
const PAGE_SIZE = 3;

/** Letters as a database may see them, other than JavaScript does: accents don't count. */
const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export function problem(status: number, retryAfter?: number): ApiProblem {
  const body = { type: 'about:blank', title: '', status, detail: '', code: `code_${status}`, requestId: '' };
  return new ApiProblem(
    body,
    new Response(null, { headers: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) } }),
  );
}

function sortKey(sort: TaskFilters['sort'], task: Task): string {
  if (sort === 'title') return fold(task.title);
  if (sort === '-priority') return String(PRIORITIES.indexOf(task.priority));
  return sort === 'dueOn' ? (task.dueAt ?? '~') : task.createdAt;
}

/** The API's tasks as its contract describes them: keyset pages, versions, idempotency, soft deletion, events. */
export class SimulatedServer {
  readonly #rows = new Map<string, { task: Task; deleted: boolean }>();
  readonly #answers = new Map<string, Task>();
  /** Events that were not delivered yet. */
  events: TaskEvent[] = [];
  /** How many tasks were made with a key. */
  readonly made = new Map<string, number>();
  #clock = 0;

  /** The whole list, as a client that reads it now sees it. */
  all(filters: TaskFilters): Task[] {
    const { sort, status, priority, q } = filters;
    const direction = sort.startsWith('-') ? -1 : 1;
    return [...this.#rows.values()]
      .filter(
        ({ task, deleted }) =>
          !deleted && (!status || task.status === status) && (!priority || task.priority === priority),
      )
      .map(({ task }) => task)
      .filter(({ title, description }) => fold(title).includes(fold(q)) || fold(description ?? '').includes(fold(q)))
      .toSorted((a, b) => direction * this.#compare([sortKey(sort, a), a.id], [sortKey(sort, b), b.id]));
  }

  list(filters: TaskFilters, cursor: string | null): TaskPage {
    const direction = filters.sort.startsWith('-') ? -1 : 1;
    const position = cursor === null ? undefined : (JSON.parse(cursor) as [string, string]);
    const rest = this.all(filters).filter(
      (task) => !position || direction * this.#compare([sortKey(filters.sort, task), task.id], position) > 0,
    );
    const data = rest.slice(0, PAGE_SIZE);
    const last = data.at(-1);
    const nextCursor = rest.length > PAGE_SIZE && last ? JSON.stringify([sortKey(filters.sort, last), last.id]) : null;
    return { data, page: { nextCursor, limit: PAGE_SIZE } };
  }

  find(id: string): Task {
    const row = this.#rows.get(id);
    if (!row || row.deleted) throw problem(404);
    return row.task;
  }

  create(draft: NewTask, key: string): Task {
    const answer = this.#answers.get(key);
    if (answer) return answer;
    this.#clock += 1;
    const createdAt = `2030-01-01T00:00:00.${String(this.#clock).padStart(3, '0')}Z`;
    // Ids are random: their order says nothing.
    const id = `${((this.#clock * 7919) % 1000).toString(16).padStart(4, '0')}-${this.#clock}`;
    const task = this.#store(
      {
        description: null,
        status: 'todo',
        priority: 'medium',
        dueOn: null,
        ...draft,
        id,
        dueAt: noon(draft.dueOn),
        createdAt,
        updatedAt: createdAt,
        version: 1,
      },
      'task.created',
    );
    this.#answers.set(key, task);
    this.made.set(key, (this.made.get(key) ?? 0) + 1);
    return task;
  }

  update(id: string, change: Partial<TaskDraft>, version?: number): Task {
    const task = this.find(id);
    if (version !== undefined && version !== task.version) throw problem(412);
    const due = change.dueOn === undefined ? {} : { dueAt: noon(change.dueOn) };
    return this.#store({ ...task, ...change, ...due, version: task.version + 1 }, 'task.updated');
  }

  remove(id: string): void {
    const task = this.find(id);
    this.#rows.set(id, { task, deleted: true });
    this.events.push({ type: 'task.deleted', id, version: task.version });
  }

  restore(id: string): Task {
    const row = this.#rows.get(id);
    if (!row) throw problem(404);
    if (!row.deleted) return row.task;
    return this.#store({ ...row.task, version: row.task.version + 1 }, 'task.created');
  }

  /** Ids of all tasks, deleted ones too. */
  get ids(): string[] {
    return [...this.#rows.keys()];
  }

  #store(task: Task, type: 'task.created' | 'task.updated'): Task {
    this.#rows.set(task.id, { task, deleted: false });
    this.events.push({ type, id: task.id, version: task.version });
    return task;
  }

  #compare([key, id]: [string, string], [otherKey, otherId]: [string, string]): number {
    return key < otherKey ? -1 : key > otherKey ? 1 : id < otherId ? -1 : id > otherId ? 1 : 0;
  }
}

const noon = (day: string | null | undefined) => (day ? `${day}T12:00:00.000Z` : null);

/** A request on its way: handled by the server or not, and then answered, lost or called off. */
export interface Call {
  readonly name: keyof TasksApi;
  /** Lets the server carry it out; its answer is still to come. */
  handle(): void;
  /** Lets the answer arrive. */
  answer(): void;
  /** Loses it, or its answer when it was handled. */
  lose(): void;
  /** Refuses it before the server has seen it. */
  refuse(error: ApiProblem): void;
}

/** A network between a store and a server that does what a test tells it to. */
export class SimulatedNetwork {
  calls: Call[] = [];
  readonly api: TasksApi;
  readonly #server: SimulatedServer;

  constructor(server: SimulatedServer) {
    this.#server = server;
    this.api = {
      list: (filters, cursor, signal) => this.#call('list', () => server.list(filters, cursor), signal),
      get: async (id) => this.#call('get', () => this.#orNothing(id)),
      create: (draft, key) => this.#call('create', () => server.create(draft, key)),
      update: (id, change, version) => this.#call('update', () => server.update(id, change, version)),
      remove: (id) => this.#call('remove', () => this.#removeAnyway(id)),
      restore: (id) => this.#call('restore', () => server.restore(id)),
    };
  }

  #orNothing(id: string): Task | undefined {
    try {
      return this.#server.find(id);
    } catch {
      return undefined;
    }
  }

  #removeAnyway(id: string): void {
    if (this.#orNothing(id)) this.#server.remove(id);
  }

  #call<Result>(name: keyof TasksApi, work: () => Result, signal?: AbortSignal): Promise<Result> {
    return new Promise((resolve, reject) => {
      let outcome: { result: Result } | { error: unknown } | undefined;
      const handle = () => {
        try {
          outcome ??= { result: work() };
        } catch (error) {
          outcome = { error };
        }
      };
      const end = (finish: () => void) => {
        this.calls = this.calls.filter((other) => other !== call);
        finish();
      };
      const call: Call = {
        name,
        handle,
        answer: () => {
          handle();
          end(() => (outcome && 'result' in outcome ? resolve(outcome.result) : reject(outcome?.error)));
        },
        lose: () => end(() => reject(new NoAnswer())),
        refuse: (error) => (outcome ? call.answer() : end(() => reject(error))),
      };
      signal?.addEventListener('abort', () => end(() => reject(signal.reason)));
      this.calls.push(call);
    });
  }
}

/** Timers that fire when a test says so, the earliest first. */
export class SimulatedClock {
  now = 1_000;
  #timers: { at: number; call: () => void }[] = [];

  after = (milliseconds: number, call: () => void): (() => void) => {
    const timer = { at: this.now + milliseconds, call };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer));
  };

  get isQuiet(): boolean {
    return this.#timers.length === 0;
  }

  /** Jumps to the next timer and fires it. */
  next(): void {
    const [timer] = this.#timers.toSorted((a, b) => a.at - b.at);
    if (!timer) return;
    this.#timers = this.#timers.filter((other) => other !== timer);
    this.now = Math.max(this.now, timer.at);
    timer.call();
  }
}
