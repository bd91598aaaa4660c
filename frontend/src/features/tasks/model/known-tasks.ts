import type { Task, TaskStatus } from '../types.ts';

/** The newest known state of a task. Moments are ticks of the store's clock: they only order events. */
export interface KnownTask {
  /** Missing when only its deletion is known. */
  readonly task: Task | undefined;
  readonly version: number;
  readonly gone: boolean;
  /** The moment at which this state was true. */
  readonly learnt: number;
  /** The moment of the last answer about this task alone; 0 when it was seen on pages only. */
  readonly answered: number;
}

/**
 * The order of two states of a task. A deletion keeps the version and a restoration raises it, so the later state ranks
 * higher.
 */
const rank = ({ version, gone }: Pick<KnownTask, 'version' | 'gone'>) => version * 2 + (gone ? 1 : 0);

/** Every task this page knows, each in its newest state, in whatever order the states arrived. */
export class KnownTasks {
  readonly #tasks = new Map<string, KnownTask>();
  /** The status of each task before it was done: unchecking restores it. */
  readonly #beforeDone = new Map<string, TaskStatus>();

  get(id: string): KnownTask | undefined {
    return this.#tasks.get(id);
  }

  all(): IterableIterator<KnownTask> {
    return this.#tasks.values();
  }

  /** Whether this version or a newer one is already known. */
  isCurrent(id: string, version: number): boolean {
    return (this.#tasks.get(id)?.version ?? 0) >= version;
  }

  /** @returns the state known before, when this one is newer */
  learn(task: Task, learnt: number, answered = 0): KnownTask | 'nothing' | undefined {
    return this.#note(task.id, { task, version: task.version, gone: false, learnt, answered });
  }

  /** @param version The version it was deleted at, or the newest that was known when it was found gone. */
  learnGone(id: string, learnt: number, version: number): void {
    this.#note(id, { task: this.#tasks.get(id)?.task, version, gone: true, learnt, answered: 0 });
  }

  statusBeforeDone(id: string): TaskStatus {
    return this.#beforeDone.get(id) ?? 'todo';
  }

  /** What is kept over a reload. */
  get beforeDone(): [string, TaskStatus][] {
    return [...this.#beforeDone].slice(-200);
  }

  set beforeDone(entries: [string, TaskStatus][]) {
    for (const [id, status] of entries) this.#beforeDone.set(id, status);
  }

  #note(id: string, news: KnownTask): KnownTask | 'nothing' | undefined {
    const old = this.#tasks.get(id);
    if (old && rank(old) > rank(news)) return undefined;
    // The same object for the same version, so that an unchanged row isn't rendered again.
    if (old && rank(old) === rank(news))
      this.#tasks.set(id, {
        ...old,
        learnt: Math.max(old.learnt, news.learnt),
        answered: Math.max(old.answered, news.answered),
      });
    else this.#tasks.set(id, news);
    if (news.task?.status === 'in_progress') this.#beforeDone.set(id, 'in_progress');
    else if (news.task?.status === 'todo') this.#beforeDone.delete(id);
    return old && rank(old) === rank(news) ? undefined : (old ?? 'nothing');
  }
}
