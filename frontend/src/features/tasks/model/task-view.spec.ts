import type { Task, TaskFilters } from '../types.ts';
import { KnownTasks } from './known-tasks.ts';
import { Outbox } from './outbox.ts';
import { TaskListPages } from './task-list.ts';
import { rowsOf } from './task-view.ts';
import { someTask } from './testing/some-task.ts';

const OLDEST_FIRST: TaskFilters = { status: null, priority: null, q: '', sort: 'createdAt' };

/** A list whose pages hold tasks of these ages, asked for at the moments 10, 20 …; `open` when more is to come. */
function setUp(
  pages: number[][],
  {
    open = false,
    filters = OLDEST_FIRST,
    with: given = {},
  }: { open?: boolean; filters?: TaskFilters; with?: Partial<Task> } = {},
) {
  const list = new TaskListPages(filters);
  const known = new KnownTasks();
  const outbox = new Outbox();
  pages.forEach((ages, index) => {
    const data = ages.map((age) => someTask({ age, ...given }));
    for (const task of data) known.learn(task, (index + 1) * 10);
    const nextCursor = open || index < pages.length - 1 ? `after ${index}` : null;
    list.accept(index, list.cursorOf(index), { data, page: { nextCursor, limit: 9 } }, (index + 1) * 10);
  });
  return { list, known, outbox, rows: () => rowsOf(list, known, outbox).map(({ id }) => id.replace('task-', '')) };
}

describe('the rows of a list', () => {
  it('are those of its pages, in their order', () => {
    const { rows } = setUp([[1, 2], [3]]);
    expect(rows()).toEqual(['1', '2', '3']);
  });

  it('have a task once that two pages name: it moved between two answers', () => {
    expect(
      setUp([
        [1, 2],
        [2, 3],
      ]).rows(),
    ).toEqual(['1', '2', '3']);
  });

  it('lose a task that is known to be gone, or no longer fits', () => {
    const { rows, known } = setUp([[1, 2, 3]], { filters: { ...OLDEST_FIRST, status: 'todo' } });
    known.learnGone('task-1', 30, 1);
    known.learn(someTask({ age: 2, version: 2, status: 'done' }), 30);
    expect(rows()).toEqual(['3']);
  });

  it('have a changed task in its place, once', () => {
    const { list, known, outbox } = setUp([[1, 2]]);
    known.learn(someTask({ age: 1, version: 2, title: 'changed' }), 30);
    expect(rowsOf(list, known, outbox).map(({ title }) => title)).toEqual(['changed', 'Task 2']);
  });

  it('move a task whose place changed', () => {
    const filters: TaskFilters = { ...OLDEST_FIRST, sort: '-priority' };
    const { rows, known } = setUp([[3, 2, 1]], { filters });
    known.learn(someTask({ age: 1, version: 2, priority: 'high' }), 30);
    expect(rows()).toEqual(['1', '3', '2']);
    known.learn(someTask({ age: 3, version: 2, priority: 'low' }), 30);
    expect(rows()).toEqual(['1', '2', '3']);
  });

  it('gain a task that was learnt of later than the page, in its place: at the start, between two, at the end', () => {
    const { rows, known } = setUp([[2, 4]]);
    for (const age of [5, 3, 1]) known.learn(someTask({ age }), 30);
    expect(rows()).toEqual(['1', '2', '3', '4', '5']);
  });

  it('don’t gain what a page as young as the news leaves out: the page would have it', () => {
    const { rows, known } = setUp([[2, 4]]);
    for (const age of [5, 3, 1]) known.learn(someTask({ age }), 10);
    expect(rows()).toEqual(['2', '4']);
  });

  it('a page says nothing of what stands before or after it', () => {
    const { rows, known } = setUp(
      [
        [2, 4],
        [6, 8],
      ],
      { open: true },
    );
    // Learnt after the first page and before the second, which begins after 4.
    known.learn(someTask({ age: 3 }), 15);
    known.learn(someTask({ age: 7 }), 15);
    expect(rows()).toEqual(['2', '3', '4', '6', '8']);
  });

  it('don’t gain what belongs beyond the last row while more is to come', () => {
    const { rows, known } = setUp([[2, 4]], { open: true });
    known.learn(someTask({ age: 5 }), 30);
    known.learn(someTask({ age: 3 }), 30);
    expect(rows()).toEqual(['2', '3', '4']);
  });

  it('have no more than fits the filters', () => {
    const { rows, known, outbox } = setUp([[2]], { filters: { ...OLDEST_FIRST, status: 'todo' } });
    known.learn(someTask({ age: 3, status: 'done' }), 30);
    outbox.push({ kind: 'add', key: 'a', draft: { title: 'a', status: 'done' } });
    outbox.push({ kind: 'add', key: 'b', draft: { title: 'b' } });
    expect(rows()).toEqual(['2', 'new-b']);
  });

  it('show what is about to be changed: a deletion, an edit that moves the row, new tasks', () => {
    const { rows, outbox } = setUp([[1, 2, 3]], { filters: { ...OLDEST_FIRST, sort: 'dueOn' } });
    outbox.push({ kind: 'delete', key: '1', id: 'task-1' });
    outbox.push({ kind: 'edit', key: '2', id: 'task-3', change: { dueOn: '2030-01-01' } });
    outbox.push({ kind: 'add', key: '3', draft: { title: 'a', dueOn: '2029-01-01' } });
    expect(rows()).toEqual(['new-3', '3', '2']);
  });

  it('show a task that is being restored, in its old place', () => {
    const { rows, known, outbox } = setUp([[1, 2, 3]]);
    known.learnGone('task-2', 30, 1);
    expect(rows()).toEqual(['1', '3']);
    outbox.push({ kind: 'restore', key: 'a', id: 'task-2', task: someTask({ age: 2 }) });
    expect(rows()).toEqual(['1', '2', '3']);
  });

  it('a deletion that is all one knows of a task is no row', () => {
    const { rows, known } = setUp([[1]]);
    known.learnGone('task-9', 30, 1);
    expect(rows()).toEqual(['1']);
  });

  it('an empty last page says that nothing is there', () => {
    const { rows, known } = setUp([[]]);
    known.learn(someTask({ age: 1 }), 10);
    expect(rows()).toEqual([]);
    known.learn(someTask({ age: 1 }), 11);
    expect(rows()).toEqual(['1']);
  });
});

describe('where letters decide', () => {
  const filters: TaskFilters = { ...OLDEST_FIRST, q: 'task' };

  it('the database’s answer stands, though we would have judged otherwise', () => {
    const { rows } = setUp([[2, 1]], { filters: { ...filters, q: 'tásk' } });
    expect(rows()).toEqual(['2', '1']);
  });

  it('a task is placed by guess only after an answer about it alone, and until the list is read again', () => {
    const { rows, known } = setUp([[2]], { filters });
    known.learn(someTask({ age: 3 }), 30);
    expect(rows()).toEqual(['2']);
    known.learn(someTask({ age: 3 }), 10, 10);
    expect(rows()).toEqual(['2']);
    known.learn(someTask({ age: 3 }), 30, 30);
    expect(rows()).toEqual(['2', '3']);
  });
});

describe('a deleted task that is being restored', () => {
  it('is shown from the moment that is asked for, though the list was read without it', () => {
    const { list, known, outbox } = setUp([[]]);
    const task = someTask();
    known.learn(task, 1);
    known.learnGone(task.id, 2, task.version);
    expect(rowsOf(list, known, outbox)).toEqual([]);
    outbox.push({ kind: 'restore', key: 'k', id: task.id, task });
    expect(rowsOf(list, known, outbox)).toEqual([task]);
  });
});
