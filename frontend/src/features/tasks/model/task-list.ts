import type { Task, TaskFilters, TaskPage } from '../types.ts';

/** One page as the API gave it: a statement about the part of the list between `after` and its last row. */
export interface LoadedPage {
  /** What it was asked with; null for the first. */
  readonly cursor: string | null;
  /** The row it begins after. */
  readonly after: Task | undefined;
  readonly tasks: readonly Task[];
  /** The cursor of the page after it; null on the last. */
  readonly next: string | null;
  /** The moment it was asked for: it knows nothing of what came later. */
  readonly asked: number;
}

/** Why a page didn't come. */
export interface PageFailure {
  readonly error: unknown;
  readonly index: number;
  /** When it is asked for again by itself, in milliseconds since 1970; `Infinity` when a person decides. */
  readonly until: number;
}

/** A list as far as it is loaded: a chain of pages, each beginning where the one before ended. */
export class TaskListPages {
  pages: LoadedPage[] = [];
  /** How many pages are wanted: one more each time the end comes near. */
  wanted = 1;
  /** Places of the pages in view. Only these are kept fresh; another one is read anew when it comes into view. */
  inView: ReadonlySet<number> = new Set([0]);
  failure: PageFailure | undefined;
  failures = 0;
  /** Pages asked for before this moment may be wrong. */
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

  /** Something may have changed that these pages don't say. What is known to be stale since later stays so. */
  spoil(now: number): void {
    this.#staleSince = Math.max(this.#staleSince, now);
  }

  /** The place of the page to ask for next, if any. One at a time: where a page begins is the end of the one before. */
  get due(): number | undefined {
    const stale = this.pages.findIndex(
      (page, index) =>
        this.inView.has(index) && (page.asked < this.#staleSince || page.cursor !== this.cursorOf(index)),
    );
    if (stale >= 0) return stale;
    return this.pages.length < this.wanted && (this.hasMore || !this.isLoaded) ? this.pages.length : undefined;
  }

  /** What the page at this place is asked with. */
  cursorOf(index: number): string | null {
    return index === 0 ? null : (this.pages[index - 1]?.next ?? null);
  }

  /** Takes an answer. @param asked The moment it was asked for. */
  accept(index: number, cursor: string | null, { data, page }: TaskPage, asked: number): void {
    this.failure = undefined;
    this.failures = 0;
    // A page before it may have changed meanwhile: an answer to another question is no answer.
    if (index > this.pages.length || cursor !== this.cursorOf(index)) return;
    const loaded = { cursor, after: this.pages[index - 1]?.tasks.at(-1), tasks: data, next: page.nextCursor, asked };
    const rest = page.nextCursor === null ? [] : this.pages.slice(index + 1);
    this.pages = [...this.pages.slice(0, index), loaded, ...rest];
  }
}
