import { QueryClient } from '@tanstack/react-query';
import { findTask, flatten, matches, putTask, taskListKey, withoutTask, withReplaced, withTask, type TaskList } from './task-cache.ts';
import type { Task, TaskFilters } from './types.ts';

const ALL: TaskFilters = { status: null, priority: null, q: '', sort: '-createdAt' };

function task(id: string, change: Partial<Task> = {}): Task {
  return { id, title: `Task ${id}`, description: null, status: 'todo', priority: 'medium', dueOn: null, dueAt: null, createdAt: '', updatedAt: '', version: 1, ...change };
}

function list(...pages: Task[][]): TaskList {
  return { pages: pages.map((data) => ({ data, page: { nextCursor: null, limit: 25 } })), pageParams: pages.map(() => null) };
}

const ids = (tasks: TaskList) => flatten(tasks).map(({ id }) => id);

describe('a cached list', () => {
  it('takes a new task at its top, once', () => {
    expect(ids(withTask(list([task('a')], [task('b')]), task('c')))).toEqual(['c', 'a', 'b']);
    expect(ids(withTask(list([task('a')], [task('b')]), task('b')))).toEqual(['a', 'b']);
  });

  it('loses a task wherever it is', () => {
    expect(ids(withoutTask(list([task('a')], [task('b')]), 'b'))).toEqual(['a']);
  });

  it('replaces a task, but never by an older version', () => {
    const old = list([task('a', { version: 2, title: 'two' })]);
    expect(flatten(withReplaced(old, 'a', task('a', { version: 3, title: 'three' })))[0]?.title).toBe('three');
    expect(flatten(withReplaced(old, 'a', task('a', { version: 1, title: 'one' })))[0]?.title).toBe('two');
  });

  it('puts the saved task in the place of the provisional one, also when a reload was quicker', () => {
    expect(ids(withReplaced(list([task('temporary')]), 'temporary', task('real')))).toEqual(['real']);
    expect(ids(withReplaced(list([task('temporary'), task('real')]), 'temporary', task('real')))).toEqual(['real']);
  });
});

describe('matches', () => {
  it('knows which list shows a task', () => {
    expect(matches(ALL, task('a'))).toBe(true);
    expect(matches({ ...ALL, status: 'done' }, task('a'))).toBe(false);
    expect(matches({ ...ALL, priority: 'high' }, task('a', { priority: 'high' }))).toBe(true);
    expect(matches({ ...ALL, q: 'MILK' }, task('a', { description: 'oat milk' }))).toBe(true);
    expect(matches({ ...ALL, q: 'milk' }, task('a'))).toBe(false);
  });
});

describe('putTask', () => {
  it('moves a completed task out of the list of open ones and updates the others', () => {
    const queryClient = new QueryClient();
    const open = taskListKey({ ...ALL, status: 'todo' });
    const all = taskListKey(ALL);
    queryClient.setQueryData(open, list([task('a')]));
    queryClient.setQueryData(all, list([task('a')]));
    putTask(queryClient, task('a', { status: 'done', version: 2 }));
    expect(flatten(queryClient.getQueryData<TaskList>(open))).toEqual([]);
    expect(findTask(queryClient, 'a')).toMatchObject({ status: 'done', version: 2 });
    queryClient.clear();
  });
});
