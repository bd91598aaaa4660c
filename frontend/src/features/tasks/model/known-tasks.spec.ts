import { KnownTasks } from './known-tasks.ts';
import { someTask } from './testing/some-task.ts';

const v = (version: number) => someTask({ id: 'a', version, title: `version ${version}` });

describe('what is known of a task', () => {
  it('is its newest version, whatever order the news came in', () => {
    const known = new KnownTasks();
    expect(known.learn(v(1), 1)).toBe('nothing');
    expect(known.learn(v(3), 2)).toMatchObject({ version: 1 });
    expect(known.learn(v(2), 3)).toBeUndefined();
    expect(known.get('a')).toMatchObject({
      task: { title: 'version 3' },
      version: 3,
      gone: false,
      learnt: 2,
      answered: 0,
    });
    expect([...known.all()]).toHaveLength(1);
  });

  it('stays the same object while its version does, known for the latest moment', () => {
    const known = new KnownTasks();
    const first = v(1);
    known.learn(first, 5, 5);
    expect(known.learn(v(1), 3, 7)).toBeUndefined();
    expect(known.get('a')).toMatchObject({ learnt: 5, answered: 7 });
    known.learn(v(1), 9);
    expect(known.get('a')).toMatchObject({ learnt: 9, answered: 7 });
    expect(known.get('a')?.task).toBe(first);
  });

  it('is gone after a deletion at the version last known; a restoration with a newer version counts again', () => {
    const known = new KnownTasks();
    known.learn(v(2), 1);
    known.learnGone('a', 2, 2);
    expect(known.get('a')).toMatchObject({ gone: true, task: { version: 2 }, learnt: 2 });
    known.learn(v(2), 3);
    expect(known.get('a')?.gone).toBe(true);
    known.learn(v(3), 4);
    expect(known.get('a')).toMatchObject({ gone: false, version: 3 });
    known.learnGone('a', 5, 2);
    expect(known.get('a')?.gone).toBe(false);
  });

  it('may be a deletion alone', () => {
    const known = new KnownTasks();
    known.learnGone('a', 1, 4);
    expect(known.get('a')).toEqual({ task: undefined, version: 4, gone: true, learnt: 1, answered: 0 });
  });

  it('isCurrent: nothing up to the known version is news, and everything is of a task nobody has heard of', () => {
    const known = new KnownTasks();
    known.learn(v(2), 1);
    expect([1, 2, 3].map((version) => known.isCurrent('a', version))).toEqual([true, true, false]);
    expect(known.isCurrent('b', 1)).toBe(false);
  });
});

describe('statusBeforeDone', () => {
  it('is what the task was before it was completed, and “to do” where that isn’t known', () => {
    const known = new KnownTasks();
    const at = (version: number, status: 'todo' | 'in_progress' | 'done') =>
      known.learn({ ...v(version), status }, version);
    expect(known.statusBeforeDone('a')).toBe('todo');
    at(1, 'in_progress');
    at(2, 'done');
    expect(known.statusBeforeDone('a')).toBe('in_progress');
    at(3, 'todo');
    expect(known.statusBeforeDone('a')).toBe('todo');
    known.learnGone('b', 1, 1);
    expect(known.beforeDone).toEqual([]);
  });

  it('outlives the page, the 200 latest at most', () => {
    const known = new KnownTasks();
    for (let age = 0; age < 201; age++) known.learn(someTask({ age, status: 'in_progress' }), 1);
    const kept = known.beforeDone;
    expect([kept.length, kept[0], kept[199]]).toEqual([200, ['task-1', 'in_progress'], ['task-200', 'in_progress']]);
    const next = new KnownTasks();
    next.beforeDone = kept;
    expect(next.statusBeforeDone('task-200')).toBe('in_progress');
  });
});
