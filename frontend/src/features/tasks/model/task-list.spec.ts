import type { TaskPage } from '../types.ts';
import { TaskListPages } from './task-list.ts';

const empty: TaskPage = { data: [], page: { nextCursor: null, limit: 20 } };

describe('the pages of a list', () => {
  const loaded = (asked: number) => {
    const list = new TaskListPages({ status: null, priority: null, q: '', sort: '-createdAt' });
    list.accept(0, null, empty, asked);
    return list;
  };

  it('are due when something may have changed after they were asked for', () => {
    const list = loaded(1);
    expect(list.due).toBeUndefined();
    list.spoil(2);
    expect(list.due).toBe(0);
    list.accept(0, null, empty, 2);
    expect(list.due).toBeUndefined();
  });

  it('stay due when an older doubt comes after a newer one', () => {
    const list = loaded(1);
    list.spoil(3);
    list.spoil(1);
    expect(list.due).toBe(0);
  });
});
