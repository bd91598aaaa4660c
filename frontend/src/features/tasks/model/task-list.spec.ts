import type { TaskFilters, TaskPage } from '../types.ts';
import { TaskListPages } from './task-list.ts';
import { someTask } from './testing/some-task.ts';

const ALL: TaskFilters = { status: null, priority: null, q: '', sort: 'createdAt' };

/** A page with the tasks of these ages. */
const page = (ages: number[], nextCursor: string | null): TaskPage => ({
  data: ages.map((age) => someTask({ age })),
  page: { nextCursor, limit: 2 },
});

/** Three pages, asked for at the moments 1, 2 and 3. */
function loaded(): TaskListPages {
  const list = new TaskListPages(ALL);
  list.accept(0, null, page([1, 2], 'a'), 1);
  list.accept(1, 'a', page([3, 4], 'b'), 2);
  list.accept(2, 'b', page([5], null), 3);
  list.wanted = 3;
  return list;
}

const idsOf = (list: TaskListPages) => list.pages.map(({ tasks }) => tasks.map(({ id }) => id));

describe('a list before its first page', () => {
  it('asks for it, and has neither an end nor more', () => {
    const list = new TaskListPages(ALL);
    expect(list).toMatchObject({
      due: 0,
      isLoaded: false,
      hasMore: false,
      end: undefined,
      wanted: 1,
      failure: undefined,
      failures: 0,
    });
    expect(list.cursorOf(0)).toBeNull();
  });

  it('doesn’t take a page that begins where nothing has ended', () => {
    const list = new TaskListPages(ALL);
    list.accept(1, null, page([1], null), 1);
    expect(list.pages).toEqual([]);
  });
});

describe('a list as it grows', () => {
  it('asks for one page more only when that is wanted and there is one', () => {
    const list = new TaskListPages(ALL);
    list.accept(0, null, page([1, 2], 'a'), 1);
    expect(list).toMatchObject({ due: undefined, isLoaded: true, hasMore: true });
    list.wanted = 2;
    expect(list.due).toBe(1);
    expect(list.cursorOf(1)).toBe('a');
    list.accept(1, 'a', page([3], null), 2);
    list.wanted = 3;
    expect(list).toMatchObject({ due: undefined, hasMore: false });
  });

  it('ends with its last row while more is to come, and nowhere once all is loaded', () => {
    const list = new TaskListPages(ALL);
    list.accept(0, null, page([1, 2], 'a'), 1);
    expect(list.end?.id).toBe('task-2');
    list.accept(1, 'a', page([3], null), 2);
    expect(list.end).toBeUndefined();
  });

  it('remembers of each page what it was asked with, what it begins after and when', () => {
    const [first, second] = loaded().pages;
    expect(first).toMatchObject({ cursor: null, after: undefined, next: 'a', asked: 1 });
    expect(second).toMatchObject({ cursor: 'a', after: { id: 'task-2' }, next: 'b', asked: 2 });
  });

  it('an answer ends the failure before it', () => {
    const list = new TaskListPages(ALL);
    list.failure = { error: 'x', index: 0, until: 5 };
    list.failures = 2;
    list.accept(0, null, page([1], null), 1);
    expect(list).toMatchObject({ failure: undefined, failures: 0 });
  });
});

describe('a list that is kept fresh', () => {
  it('reads a page in view anew when it was asked for before something changed, the first one first', () => {
    const list = loaded();
    list.inView = new Set([0, 1, 2]);
    expect(list.due).toBeUndefined();
    list.markStale(2);
    expect(list.due).toBe(0);
    list.accept(0, null, page([1, 2], 'a'), 4);
    // The second was asked for at that very moment: it knows.
    expect(list.due).toBeUndefined();
    list.markStale(5);
    expect(list.due).toBe(0);
  });

  it('leaves a stale page that isn’t in view until it is', () => {
    const list = loaded();
    list.markStale(9);
    list.inView = new Set([2]);
    expect(list.due).toBe(2);
    list.inView = new Set();
    expect(list.due).toBeUndefined();
  });

  it('reads a page anew whose beginning has moved, and takes no answer to the old question', () => {
    const list = loaded();
    list.inView = new Set([0, 1]);
    list.accept(0, null, page([1, 6], 'c'), 4);
    expect(idsOf(list)).toEqual([['task-1', 'task-6'], ['task-3', 'task-4'], ['task-5']]);
    expect(list.due).toBe(1);
    list.accept(1, 'a', page([7], null), 5);
    expect(idsOf(list)[1]).toEqual(['task-3', 'task-4']);
    list.accept(1, 'c', page([7, 8], 'b'), 6);
    expect(idsOf(list)).toEqual([['task-1', 'task-6'], ['task-7', 'task-8'], ['task-5']]);
    expect(list.pages[1]).toMatchObject({ after: { id: 'task-6' }, asked: 6 });
  });

  it('forgets the pages after one that turns out to be the last', () => {
    const list = loaded();
    list.accept(1, 'a', page([3], null), 4);
    expect(idsOf(list)).toEqual([['task-1', 'task-2'], ['task-3']]);
    expect(list.hasMore).toBe(false);
  });
});

describe('a list whose pages are in doubt', () => {
  it('stays due when an older doubt comes after a newer one', () => {
    const list = loaded();
    list.markStale(9);
    list.markStale(1);
    expect(list.due).toBe(0);
  });
});
