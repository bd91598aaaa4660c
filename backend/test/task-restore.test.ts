import { randomUUID } from 'node:crypto';
import pg from 'pg';
import request from 'supertest';
import { clean } from '../src/operator/clean.ts';
import { createTestApp, type TestApp, type TestUser } from './app.ts';
import { EventReader } from './events.ts';

let api: TestApp;
let owner: pg.Client;
let ada: TestUser;
let ben: TestUser;

beforeAll(async () => {
  api = await createTestApp();
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
  ben = await api.signUp('Ben');
});
beforeEach(async () => {
  ada = await api.signUp('Ada');
});
afterAll(async () => {
  await owner.end();
  await api.close();
});

const as = (user: TestUser, method: 'get' | 'post' | 'patch' | 'delete', path: string): request.Test =>
  request(api.url)[method](`/api/tasks${path}`).set('authorization', user.bearer);
const create = async (title: string, values: object = {}) =>
  (
    await as(ada, 'post', '')
      .send({ title, ...values })
      .expect(201)
  ).body.data;
const remove = (id: string) => as(ada, 'delete', `/${id}`).expect(204);
const restore = (id: string, user = ada) => as(user, 'post', `/${id}/restore`);
const titles = async (query: string) =>
  (await as(ada, 'get', `?${query}`).expect(200)).body.data.map((task: { title: string }) => task.title);
const batch = (...operations: object[]) => as(ada, 'post', '/batch').send({ operations });
const rows = async (id: string) => (await owner.query('select from task where id = $1', [id])).rowCount;

describe('a deleted task', () => {
  it.each([
    'limit=100',
    'q=venue',
    'status=todo',
    'priority=high',
    'dueFrom=2030-01-01',
    'dueTo=2030-12-31',
    'dueBefore=2031-01-01T00:00:00Z',
    'sort=title',
    'sort=-dueOn',
    'sort=priority',
  ])('is in no list: %s', async (query) => {
    const { id } = await create('The venue', { priority: 'high', dueOn: '2030-05-05' });
    expect(await titles(query)).toEqual(['The venue']);
    await remove(id);
    expect(await titles(query)).toEqual([]);
  });

  it('is missing for every method and batch operation but restore, with or without If-Match', async () => {
    const { id } = await create('Gone');
    await remove(id);
    await as(ada, 'get', `/${id}`).expect(404);
    await as(ada, 'get', `/${id}`).set('if-none-match', '"1"').expect(404);
    for (const ifMatch of ['*', '"1"', '"9"']) {
      await as(ada, 'patch', `/${id}`).set('if-match', ifMatch).send({ title: 'New' }).expect(404);
      await as(ada, 'delete', `/${id}`).set('if-match', ifMatch).expect(404);
    }
    await as(ada, 'delete', `/${id}`).expect(404);
    await batch({ op: 'update', id, changes: { title: 'New' } }).expect(404);
    await batch({ op: 'delete', id, version: 1 }).expect(404);
    expect(await rows(id)).toBe(1);
  });

  it('is not deleted by a stale If-Match', async () => {
    const { id } = await create('Kept');
    await as(ada, 'delete', `/${id}`).set('if-match', '"7"').expect(412);
    await as(ada, 'get', `/${id}`).expect(200);
  });

  it('shifts no page: what comes after a cursor is what came after it', async () => {
    for (const title of ['a', 'b', 'c', 'd']) await create(title);
    const first = await as(ada, 'get', '?sort=title&limit=2').expect(200);
    await remove(first.body.data[1].id);
    expect(await titles(`sort=title&limit=2&cursor=${first.body.page.nextCursor}`)).toEqual(['c', 'd']);
  });
});

describe('POST /api/tasks/:id/restore', () => {
  it('the same task under a new version and ETag, in its place in the list', async () => {
    await create('First');
    const task = await create('Second', {
      description: 'text',
      status: 'in_progress',
      priority: 'high',
      dueOn: '2030-05-05',
    });
    await create('Third');
    await remove(task.id);
    const { body, headers } = await restore(task.id).expect(200);
    expect(body.data).toEqual({ ...task, version: 2, updatedAt: expect.any(String) });
    expect(headers['etag']).toBe('"2"');
    expect(await titles('')).toEqual(['Third', 'Second', 'First']);
    await as(ada, 'get', `/${task.id}`).expect(200, body);
  });

  it('the ETag of before the deletion is stale', async () => {
    const { id } = await create('Task');
    await remove(id);
    await restore(id).expect(200);
    await as(ada, 'patch', `/${id}`).set('if-match', '"1"').send({ title: 'New' }).expect(412);
    await as(ada, 'delete', `/${id}`).set('if-match', '"2"').expect(204);
  });

  it('a task that is not deleted, and a second time → 200 with the task as it is', async () => {
    const { id, ...task } = await create('Task');
    expect((await restore(id).expect(200)).body.data).toEqual({ id, ...task });
    await remove(id);
    const first = await restore(id).expect(200);
    expect((await restore(id).expect(200)).body).toEqual(first.body);
  });

  it("another user's, an unknown one and no id at all → the same 404, and it stays deleted", async () => {
    const { id } = await create('Task');
    await remove(id);
    const bodies = new Set<string>();
    for (const wanted of [id, randomUUID(), 'x']) {
      const { requestId: _requestId, ...problem } = (await restore(wanted, ben).expect(404)).body;
      bodies.add(JSON.stringify(problem));
    }
    expect(bodies.size).toBe(1);
    await as(ada, 'get', `/${id}`).expect(404);
  });

  it('of many at once → one new version', async () => {
    const { id } = await create('Task');
    await remove(id);
    const answers = await Promise.all(Array.from({ length: 10 }, () => restore(id).expect(200)));
    expect(new Set(answers.map(({ body }) => body.data.version))).toEqual(new Set([2]));
  });

  it('in a batch: deleted and restored in one transaction, or neither', async () => {
    const { id } = await create('Task');
    const { body } = await batch({ op: 'delete', id, version: 1 }, { op: 'restore', id: id.toUpperCase() }).expect(200);
    expect(body.data).toMatchObject([
      { op: 'delete', id, task: null },
      { op: 'restore', id, task: { id, title: 'Task', version: 2 } },
    ]);
    const failed = await batch({ op: 'delete', id }, { op: 'restore', id: randomUUID() }).expect(404);
    expect(failed.body.errors).toEqual([{ pointer: '/operations/1/id', message: 'names no task of yours' }]);
    await as(ada, 'get', `/${id}`).expect(200);
    await batch({ op: 'restore', id: 'x' }).expect(400);
    await batch({ op: 'restore', id, version: 1 }).expect(400);
  });
});

it('events: deleted; created with a new version at a restore; nothing when removed for good', async () => {
  const { id } = await create('Task');
  const other = await create('Other');
  const reader = await EventReader.open(api, ada);
  try {
    await reader.first('ready');
    await remove(id);
    await restore(id).expect(200);
    await remove(id);
    await owner.query(`update task set deleted_at = now() - interval '31 days' where id = $1`, [id]);
    await clean({ databaseUrl: api.database.ownerUrl });
    await as(ada, 'patch', `/${other.id}`).send({ title: 'New' }).expect(200);
    await reader.first('task.updated');
    expect(reader.events.slice(1).map(({ type, data }) => [type, data])).toEqual([
      ['task.deleted', { id, version: 1 }],
      ['task.created', { id, version: 2 }],
      ['task.deleted', { id, version: 2 }],
      ['task.updated', { id: other.id, version: 2 }],
    ]);
  } finally {
    reader.close();
  }
});

it('removed for good 30 days after its deletion, not before → 404', async () => {
  const [old, young, open] = [await create('Old'), await create('Young'), await create('Open')];
  for (const { id } of [old, young]) await remove(id);
  await owner.query(`update task set deleted_at = now() - interval '30 days 1 minute' where id = $1`, [old.id]);
  await owner.query(`update task set deleted_at = now() - interval '29 days 23 hours' where id = $1`, [young.id]);
  await owner.query(`update task set created_at = now() - interval '1 year' where id = $1`, [open.id]);
  expect(await clean({ databaseUrl: api.database.ownerUrl })).toMatchObject({ task: 1 });
  await restore(old.id).expect(404);
  await restore(young.id).expect(200);
  await as(ada, 'get', `/${open.id}`).expect(200);
});
