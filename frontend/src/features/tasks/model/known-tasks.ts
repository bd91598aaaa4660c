import type { Task, TaskStatus } from '../types.ts';

/** The newest that is known of a task. Moments are ticks of the store's clock: they only say what came before what. */
export interface KnownTask {
  /** Missing when all that is known is its deletion. */
  readonly task: Task | undefined;
  readonly version: number;
  readonly gone: boolean;
  /** The moment for which this is known to be true. */
  readonly learnt: number;
  /** The moment at which an answer about this task alone told of it; 0 when only pages did. */
  readonly answered: number;
}

/**
 * A deletion keeps the version and a restoration raises it: so of two statements about a task, the later ranks higher.
 */
const rank = ({ version, gone }: Pick<KnownTask, 'version' | 'gone'>) => version * 2 + (gone ? 1 : 0);

/** Every task this page has heard of, each in its newest state, whatever order the news came in. */
export class KnownTasks {
  readonly #tasks = new Map<string, KnownTask>();
  /** What tasks were before they were done: unchecking one brings that back. */
  readonly #beforeDone = new Map<string, TaskStatus>();

  get(id: string): KnownTask | undefined {
    return this.#tasks.get(id);
  }

  all(): IterableIterator<KnownTask> {
    return this.#tasks.values();
  }

  /** Whether nothing newer than this version can be news. */
  isCurrent(id: string, version: number): boolean {
    return (this.#tasks.get(id)?.version ?? 0) >= version;
  }

  /** @returns What was known before, when this is newer. */
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

  /** For what is kept over a reload. */
  get beforeDone(): [string, TaskStatus][] {
    return [...this.#beforeDone].slice(-200);
  }

  set beforeDone(entries: [string, TaskStatus][]) {
    for (const [id, status] of entries) this.#beforeDone.set(id, status);
  }

  #note(id: string, news: KnownTask): KnownTask | 'nothing' | undefined {
    const old = this.#tasks.get(id);
    if (old && rank(old) > rank(news)) return undefined;
    // The same object for the same version: a row that didn't change isn't drawn again.
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
