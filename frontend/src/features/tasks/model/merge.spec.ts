import { changesBetween, mergeEdit } from './merge.ts';
import { someTask } from './testing/some-task.ts';

const base = someTask({ title: 'Milk', description: 'fresh', priority: 'low', dueOn: '2030-01-01' });

describe('changesBetween', () => {
  it('names every field that differs, with the value after, and no other', () => {
    const after = { title: 'Oat milk', description: null, status: 'done', priority: 'high', dueOn: null } as const;
    expect(changesBetween(base, after)).toEqual(after);
    expect(changesBetween(base, { ...base, dueOn: '2030-01-02' })).toEqual({ dueOn: '2030-01-02' });
  });

  it('finds nothing where only what a person can’t edit differs', () => {
    const later = { ...base, version: 7, updatedAt: 'later' };
    expect(changesBetween(base, later)).toEqual({});
  });
});

describe('mergeEdit', () => {
  it('saves what only this side changed, over the other’s change of another field', () => {
    expect(mergeEdit(base, { ...base, title: 'Oat milk' }, { ...base, priority: 'high', version: 2 })).toEqual({
      change: { title: 'Oat milk' },
      conflicts: [],
    });
  });

  it('reports a field that both sides changed, to different values', () => {
    const mine = { ...base, title: 'Oat milk', status: 'done' as const };
    expect(mergeEdit(base, mine, { ...base, title: 'Soy milk', version: 2 })).toEqual({
      change: { title: 'Oat milk', status: 'done' },
      conflicts: ['title'],
    });
  });

  it('has nothing to save where both sides changed a field to the same value, as after a lost answer', () => {
    const mine = { ...base, title: 'Oat milk', dueOn: null };
    expect(mergeEdit(base, mine, { ...base, title: 'Oat milk', dueOn: null, version: 2 })).toEqual({
      change: {},
      conflicts: [],
    });
  });

  it('takes nothing back that only the other side changed', () => {
    expect(mergeEdit(base, base, { ...base, title: 'Soy milk', version: 2 })).toEqual({ change: {}, conflicts: [] });
  });
});
