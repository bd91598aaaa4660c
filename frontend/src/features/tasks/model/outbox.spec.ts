import type { KnownTask } from './known-tasks.ts';
import { isProvisional, keyOfProvisional, Outbox, type Intention } from './outbox.ts';
import { someTask } from './testing/some-task.ts';

const known = (task = someTask({ id: 'a' }), gone = false): KnownTask => ({
  task,
  version: task.version,
  gone,
  learnt: 1,
  answered: 0,
});
const add = (key: string, title = key): Intention => ({ kind: 'add', key, draft: { title } });
const edit = (key: string, change = {}, id = 'a'): Intention => ({ kind: 'edit', key, id, change });
const remove = (key: string, id = 'a'): Intention => ({ kind: 'delete', key, id });
const restore = (key: string, task = someTask({ id: 'a' })): Intention => ({ kind: 'restore', key, id: task.id, task });

function outbox(...intentions: Intention[]): Outbox {
  const all = new Outbox();
  for (const intention of intentions) all.push(intention);
  return all;
}

const keys = (entries: readonly { intention: Intention }[]) => entries.map(({ intention }) => intention.key);

describe('intentions', () => {
  it('wait in the order they came, each by its key', () => {
    const all = outbox(edit('1'), add('2'));
    expect(all.entries).toEqual([
      { intention: edit('1'), state: 'waiting', unknown: false, tries: 0, firstSent: undefined, until: 0 },
      { intention: add('2'), state: 'waiting', unknown: false, tries: 0, firstSent: undefined, until: 0 },
    ]);
    expect(all.find('2')?.intention).toEqual(add('2'));
    expect(all.find('3')).toBeUndefined();
    all.update('2', { state: 'sending', tries: 1 });
    expect(all.entries.map(({ state }) => state)).toEqual(['waiting', 'sending']);
    all.remove('1');
    expect(keys(all.entries)).toEqual(['2']);
  });

  it('are new values when they change: who kept the list before sees no change in it', () => {
    const all = outbox(edit('1'));
    const { entries } = all;
    all.update('1', { state: 'failed' });
    all.push(edit('2'), { state: 'sending' });
    expect(entries.map(({ state }) => state)).toEqual(['waiting']);
    expect(all.entries.map(({ state }) => state)).toEqual(['failed', 'sending']);
  });
});

describe('heads', () => {
  it('are the first intention for each task, and the first new task: their order is kept', () => {
    expect(keys(outbox(add('1'), edit('2'), remove('3'), add('4'), edit('5', {}, 'b')).heads())).toEqual([
      '1',
      '2',
      '5',
    ]);
  });

  it('pass over what was given back to the person', () => {
    const all = outbox(add('1'), add('2'));
    all.update('1', { state: 'failed' });
    expect(keys(all.heads())).toEqual(['2']);
  });
});

describe('mayExplain', () => {
  it('says whether news of a task may be our own doing: sent, and not answered', () => {
    const all = outbox(edit('1'));
    expect(all.mayExplain('a')).toBe(false);
    all.update('1', { state: 'sending' });
    expect([all.mayExplain('a'), all.mayExplain('b')]).toEqual([true, false]);
    all.update('1', { state: 'waiting' });
    expect(all.mayExplain('a')).toBe(false);
    all.update('1', { unknown: true });
    expect([all.mayExplain('a'), all.mayExplain('b')]).toEqual([true, false]);
    all.update('1', { state: 'failed' });
    expect(all.mayExplain('a')).toBe(false);
  });

  it('of a task we are making nobody knows the id yet: it may be any', () => {
    const all = outbox(add('1'));
    expect(all.mayExplain('b')).toBe(false);
    all.update('1', { state: 'sending' });
    expect(all.mayExplain('b')).toBe(true);
  });
});

describe('apply', () => {
  it('is what is known where nothing is pending', () => {
    const task = someTask({ id: 'a' });
    expect(new Outbox().apply('a', known(task))).toBe(task);
    expect(outbox(edit('1', { title: 'x' }, 'b'), add('2')).apply('a', known(task))).toBe(task);
    expect(new Outbox().apply('a', known(task, true))).toBeUndefined();
    expect(new Outbox().apply('a', undefined)).toBeUndefined();
  });

  it('shows an edit, its day due at noon as the API keeps it', () => {
    const all = outbox(edit('1', { title: 'Oat milk' }));
    const task = someTask({ id: 'a', dueOn: '2030-01-01', dueAt: '2030-01-01T12:00:00.000Z' });
    expect(all.apply('a', known(task))).toEqual({ ...task, title: 'Oat milk' });
    all.push(edit('2', { dueOn: '2030-02-01' }));
    expect(all.apply('a', known(task))).toMatchObject({ dueOn: '2030-02-01', dueAt: '2030-02-01T12:00:00.000Z' });
    all.push(edit('3', { dueOn: null }));
    expect(all.apply('a', known(task))).toMatchObject({ title: 'Oat milk', dueOn: null, dueAt: null });
    expect(all.apply('a', known(task, true))).toBeUndefined();
  });

  it('hides a deleted task, shows a restored one, and edits that', () => {
    const task = someTask({ id: 'a', title: 'Milk' });
    const all = outbox(remove('1'));
    expect(all.apply('a', known(task))).toBeUndefined();
    all.push(restore('2', { ...task, title: 'as it was deleted' }));
    expect(all.apply('a', known(task, true))).toBe(task);
    expect(all.apply('a', undefined)?.title).toBe('as it was deleted');
    all.push(edit('3', { status: 'done' }));
    expect(all.apply('a', known(task, true))).toEqual({ ...task, status: 'done' });
  });

  it('shows nothing of what was refused', () => {
    const all = outbox(remove('1'));
    all.update('1', { state: 'failed' });
    expect(all.apply('a', known())).toBeDefined();
  });
});

describe('added', () => {
  it('are the new tasks with what the API will fill in, younger than any other and in their order', () => {
    const all = outbox(add('1', 'Milk'), edit('2'), {
      kind: 'add',
      key: '3',
      draft: { title: 'Eggs', status: 'done', priority: 'high', description: 'six', dueOn: '2030-01-31' },
    });
    const [milk, eggs] = all.added();
    expect(milk).toEqual({
      id: 'new-1',
      title: 'Milk',
      description: null,
      status: 'todo',
      priority: 'medium',
      dueOn: null,
      dueAt: null,
      createdAt: '~000000',
      updatedAt: '~000000',
      version: 0,
    });
    expect(eggs).toMatchObject({
      id: 'new-3',
      title: 'Eggs',
      status: 'done',
      priority: 'high',
      description: 'six',
      dueAt: '2030-01-31T12:00:00.000Z',
      createdAt: '~000002',
    });
    all.update('1', { state: 'failed' });
    expect(all.added().map(({ id }) => id)).toEqual(['new-3']);
  });

  it('have ids that name their intention and are no task’s of the API', () => {
    expect([isProvisional('new-1'), isProvisional('task-new-1'), keyOfProvisional('new-1')]).toEqual([
      true,
      false,
      '1',
    ]);
  });
});

describe('entryOf', () => {
  it('finds what is pending for a row: a new task’s, a known one’s, and nothing that was given back', () => {
    const all = outbox(add('1'), edit('2'), edit('3'));
    expect([all.entryOf('new-1')?.intention.key, all.entryOf('a')?.intention.key]).toEqual(['1', '2']);
    expect([all.entryOf('b'), all.entryOf('1'), all.entryOf('new-2')]).toEqual([undefined, undefined, undefined]);
    all.update('2', { state: 'failed' });
    expect(all.entryOf('a')?.intention.key).toBe('3');
  });
});
