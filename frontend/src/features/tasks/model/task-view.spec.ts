import type { Task, TaskFilters } from '../types.ts';
import { KnownTasks } from './known-tasks.ts';
import { Outbox } from './outbox.ts';
import { TaskListPages } from './task-list.ts';
import { rowsOf } from './task-view.ts';

const filters: TaskFilters = { status: null, priority: null, q: '', sort: '-createdAt' };
const task: Task = {
  id: 'a',
  title: 'Precious',
  description: null,
  status: 'todo',
  priority: 'medium',
  dueOn: null,
  dueAt: null,
  createdAt: '2030-01-01T00:00:00.000Z',
  updatedAt: '2030-01-01T00:00:00.000Z',
  version: 1,
};

describe('the rows of a list', () => {
  it('show a deleted task from the moment its restoration is asked for, though the list was read without it', () => {
    const known = new KnownTasks();
    known.learn(task, 1);
    known.learnGone(task.id, 2, task.version);
    const list = new TaskListPages(filters);
    list.accept(0, null, { data: [], page: { nextCursor: null, limit: 20 } }, 3);
    const outbox = new Outbox();
    expect(rowsOf(list, known, outbox)).toEqual([]);
    outbox.push({ kind: 'restore', key: 'k', id: task.id, task });
    expect(rowsOf(list, known, outbox)).toEqual([task]);
  });

  it('leave a task out that a younger page of its list doesn’t name', () => {
    const known = new KnownTasks();
    known.learn(task, 1);
    const list = new TaskListPages(filters);
    list.accept(0, null, { data: [], page: { nextCursor: null, limit: 20 } }, 2);
    expect(rowsOf(list, known, new Outbox())).toEqual([]);
  });
});
