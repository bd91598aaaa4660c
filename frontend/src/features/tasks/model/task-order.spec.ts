import type { Task, TaskFilters, TaskSort } from '../types.ts';
import { compareTasks, isExact, matches } from './task-order.ts';
import { someTask } from './testing/some-task.ts';

const ALL: TaskFilters = { status: null, priority: null, q: '', sort: '-createdAt' };
const order = (sort: TaskSort, tasks: Task[]) => tasks.toSorted((a, b) => compareTasks(sort, a, b)).map(({ id }) => id);

describe('matches', () => {
  it('shows everything where nothing is asked for', () => {
    expect(matches(ALL, someTask())).toBe(true);
  });

  it('shows a task by its status and its priority, and no other', () => {
    const task = someTask({ status: 'done', priority: 'high' });
    expect([matches({ ...ALL, status: 'done' }, task), matches({ ...ALL, status: 'todo' }, task)]).toEqual([
      true,
      false,
    ]);
    expect([matches({ ...ALL, priority: 'high' }, task), matches({ ...ALL, priority: 'low' }, task)]).toEqual([
      true,
      false,
    ]);
    expect(matches({ ...ALL, status: 'done', priority: 'low' }, task)).toBe(false);
  });

  it('searches title and description in either case, and neither across the two', () => {
    const task = someTask({ title: 'Oat Milk', description: 'From the Shop' });
    for (const q of ['oat', 'MILK', 'shop', 'from THE']) expect([q, matches({ ...ALL, q }, task)]).toEqual([q, true]);
    for (const q of ['soy', 'milkfrom', 'milk from']) expect([q, matches({ ...ALL, q }, task)]).toEqual([q, false]);
  });

  it('finds nothing in a description that isn’t there', () => {
    const task = someTask({ title: 'Milk', description: null });
    for (const q of ['null', 'undefined', 'stryker']) expect(matches({ ...ALL, q }, task)).toBe(false);
  });
});

describe('isExact', () => {
  it('says no where letters decide: in a search, or in an order by title', () => {
    expect(isExact(ALL)).toBe(true);
    expect(isExact({ ...ALL, sort: 'dueOn', status: 'done' })).toBe(true);
    expect(isExact({ ...ALL, q: 'milk' })).toBe(false);
    expect(isExact({ ...ALL, sort: 'title' })).toBe(false);
  });
});

describe('compareTasks', () => {
  const old = someTask({ age: 1, title: 'beta', priority: 'low', dueAt: '2030-02-01T12:00:00.000Z' });
  const young = someTask({ age: 2, title: 'Alpha', priority: 'high', dueAt: '2030-01-01T12:00:00.000Z' });
  const never = someTask({ age: 3, title: 'gamma', priority: 'medium' });

  it.each<[TaskSort, number[]]>([
    ['-createdAt', [3, 2, 1]],
    ['createdAt', [1, 2, 3]],
    ['dueOn', [2, 1, 3]],
    ['-priority', [2, 3, 1]],
    ['title', [2, 1, 3]],
  ])('orders by %s', (sort, ages) => {
    expect(order(sort, [old, young, never])).toEqual(ages.map((age) => `task-${age}`));
    expect(order(sort, [never, young, old])).toEqual(ages.map((age) => `task-${age}`));
  });

  it('orders equal ones by id, in the list’s direction, so that every task has one place', () => {
    const [a, b] = [someTask({ id: 'a' }), someTask({ id: 'b' })];
    expect([order('createdAt', [b, a]), order('-createdAt', [a, b])]).toEqual([
      ['a', 'b'],
      ['b', 'a'],
    ]);
    expect(compareTasks('createdAt', a, { ...a, version: 2 })).toBe(0);
    expect(Math.abs(compareTasks('-createdAt', a, { ...a, version: 2 }))).toBe(0);
  });
});
