import type { Task, TaskFilters, TaskPage } from '../types.ts';

/** One page as the API returned it: the part of the list between `after` and its last row. */
export interface LoadedPage {
  /** The cursor of its request; null for the first page. */
  readonly cursor: string | null;
  /** The row it begins after. */
  readonly after: Task | undefined;
  readonly tasks: readonly Task[];
  /** The cursor of the page after it; null on the last. */
  readonly next: string | null;
  /** The moment of its request: later changes may not be in it. */
  readonly asked: number;
}

/** Why a page failed to load. */
export interface PageFailure {
  readonly error: unknown;
  readonly index: number;
  /** When it is requested again, in milliseconds since 1970; `Infinity` when the user decides. */
  readonly until: number;
}

/** The loaded part of a list: a chain of pages, each beginning where the one before ended. */
export class TaskListPages {
  pages: LoadedPage[] = [];
  /** How many pages to load: one more each time the end comes near. */
  wanted = 1;
  /**
   * Indexes of the pages in view. Only these are kept up to date; another one is read again when it comes into view.
   */
  inView: ReadonlySet<number> = new Set([0]);
  failure: PageFailure | undefined;
  failures = 0;
  /** Pages requested before this moment may be out of date. */
  #staleSince = 0;

  constructor(readonly filters: TaskFilters) {}

  get isLoaded(): boolean {
    return this.pages.length > 0;
  }

  get hasMore(): boolean {
    return this.pages.at(-1)?.next != null;
  }

  /** The row the loaded part ends with; undefined when nothing comes after it. */
  get end(): Task | undefined {
    return this.hasMore ? this.pages.at(-1)?.tasks.at(-1) : undefined;
  }

  /** Marks the pages as out of date since this moment, unless a later one is noted. */
  markStale(now: number): void {
    this.#staleSince = Math.max(this.#staleSince, now);
  }

  /** The index of the page to request next. One at a time, because a page begins where the one before ends. */
  get due(): number | undefined {
    const stale = this.pages.findIndex(
      (page, index) =>
        this.inView.has(index) && (page.asked < this.#staleSince || page.cursor !== this.cursorOf(index)),
    );
    if (stale >= 0) return stale;
    return this.pages.length < this.wanted && (this.hasMore || !this.isLoaded) ? this.pages.length : undefined;
  }

  /** The cursor with which the page at this index is requested. */
  cursorOf(index: number): string | null {
    return index === 0 ? null : (this.pages[index - 1]?.next ?? null);
  }

  /** Takes an answer. @param asked the moment of the request */
  accept(index: number, cursor: string | null, { data, page }: TaskPage, asked: number): void {
    this.failure = undefined;
    this.failures = 0;
    // A page before it may have changed meanwhile: then the answer belongs to another cursor and is dropped.
    if (index > this.pages.length || cursor !== this.cursorOf(index)) return;
    const loaded = { cursor, after: this.pages[index - 1]?.tasks.at(-1), tasks: data, next: page.nextCursor, asked };
    const rest = page.nextCursor === null ? [] : this.pages.slice(index + 1);
    this.pages = [...this.pages.slice(0, index), loaded, ...rest];
  }
}
