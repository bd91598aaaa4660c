import type { Task } from '../types.ts';
import { saveEdit } from './save-edit.ts';
import type { TasksApi } from './tasks-api.ts';
import { SimulatedServer, problem } from './testing/simulated-server.ts';

/** The API of a server that answers at once; `fail` is thrown by every update after it was carried out. */
function setUp() {
  const server = new SimulatedServer();
  const sent: unknown[] = [];
  const state: { fail?: unknown; beforeUpdate?: () => void } = {};
  const unused = () => Promise.reject(new Error('Nobody asks for this.'));
  const api: TasksApi = {
    list: unused,
    create: unused,
    remove: unused,
    restore: unused,
    get: async (id) => {
      try {
        return server.find(id);
      } catch {
        return undefined;
      }
    },
    update: async (id, change, version) => {
      state.beforeUpdate?.();
      sent.push([change, version]);
      const task = server.update(id, change, version);
      return state.fail === undefined ? task : Promise.reject(state.fail);
    },
  };
  const learnt: number[] = [];
  const base = server.create({ title: 'Milk' }, 'first');
  return {
    server,
    state,
    sent,
    base,
    learnt,
    save: (mine: Partial<Task>, from = base) =>
      saveEdit(api, from, { ...from, ...mine }, ({ version }) => learnt.push(version)),
  };
}

describe('saveEdit', () => {
  it('sends what was changed, bound to the version it was made on', async () => {
    const { save, sent, learnt } = setUp();
    expect(await save({ title: 'Oat milk' })).toEqual({ kind: 'saved' });
    expect(sent).toEqual([[{ title: 'Oat milk' }, 1]]);
    expect(learnt).toEqual([2]);
  });

  it('asks for nothing where nothing was changed', async () => {
    const { save, sent } = setUp();
    expect(await save({})).toEqual({ kind: 'saved' });
    expect(sent).toEqual([]);
  });

  it('joins a change of other fields that came meanwhile', async () => {
    const { server, base, save, sent, learnt } = setUp();
    server.update(base.id, { priority: 'high' });
    expect(await save({ title: 'Oat milk' })).toEqual({ kind: 'saved' });
    expect(sent).toEqual([
      [{ title: 'Oat milk' }, 1],
      [{ title: 'Oat milk' }, 2],
    ]);
    expect(learnt).toEqual([2, 3]);
    expect(server.find(base.id)).toMatchObject({ title: 'Oat milk', priority: 'high', version: 3 });
  });

  it('writes nothing over where both changed the same field', async () => {
    const { server, base, save } = setUp();
    const saved = server.update(base.id, { title: 'Soy milk' });
    expect(await save({ title: 'Oat milk', priority: 'low' })).toEqual({ kind: 'conflict', saved, fields: ['title'] });
    expect(server.find(base.id)).toEqual(saved);
  });

  it('is done when it was saved already and its answer was lost', async () => {
    const { state, save, sent, learnt } = setUp();
    state.fail = new TypeError('lost');
    await expect(save({ title: 'Oat milk' })).rejects.toThrow('lost');
    delete state.fail;
    expect(await save({ title: 'Oat milk' })).toEqual({ kind: 'saved' });
    expect(sent).toHaveLength(2);
    expect(learnt).toEqual([2]);
  });

  it('says that the task is gone', async () => {
    const { server, base, save, sent } = setUp();
    server.remove(base.id);
    expect(await save({ title: 'Oat milk' })).toEqual({ kind: 'gone' });
    expect(sent).toHaveLength(1);
  });

  it('says so too where it was changed, and deleted while the two were compared', async () => {
    const { server, state, base, save, sent } = setUp();
    state.fail = problem(412);
    state.beforeUpdate = () => queueMicrotask(() => server.remove(base.id));
    expect(await save({ title: 'Oat milk' })).toEqual({ kind: 'gone' });
    expect(sent).toHaveLength(1);
  });

  it.each([400, 401, 403, 409, 422, 503])('hands on %d, without asking again', async (status) => {
    const { state, save, sent } = setUp();
    state.fail = problem(status);
    await expect(save({ title: 'Oat milk' })).rejects.toMatchObject({ status });
    expect(sent).toHaveLength(1);
  });
});
