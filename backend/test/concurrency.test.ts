import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { createTestApp, type TestApp, type TestUser } from './app.ts';

const PARALLEL = 50;
let api: TestApp;
let ada: TestUser;
let ben: TestUser;

beforeAll(async () => {
  api = await createTestApp();
  ada = await api.signUp('Ada');
  ben = await api.signUp('Ben');
});
afterAll(() => api.close());

const post = (user: TestUser, key: string | undefined, values: object, path = '/api/tasks'): request.Test => {
  const asked = request(api.url).post(path).set('authorization', user.bearer);
  return (key === undefined ? asked : asked.set('idempotency-key', key)).send(values);
};
const countOf = async (user: TestUser): Promise<number> =>
  (await request(api.url).get('/api/tasks?limit=100').set('authorization', user.bearer).expect(200)).body.data.length;
const task = async (user: TestUser, title = 'A task') => (await post(user, undefined, { title }).expect(201)).body.data;

describe('ETag, If-Match and If-None-Match', () => {
  it('PATCH and DELETE with the current ETag → done, with a stale one → 412 and nothing changed', async () => {
    const { id } = await task(ada);
    await request(api.url)
      .patch(`/api/tasks/${id}`)
      .set('authorization', ada.bearer)
      .set('if-match', '"1"')
      .send({ title: 'Second' })
      .expect(200)
      .expect('etag', '"2"');
    const stale = await request(api.url)
      .patch(`/api/tasks/${id}`)
      .set('authorization', ada.bearer)
      .set('if-match', '"1"')
      .send({ title: 'Third' })
      .expect(412);
    expect(stale.body.code).toBe('precondition_failed');
    await request(api.url)
      .delete(`/api/tasks/${id}`)
      .set('authorization', ada.bearer)
      .set('if-match', '"1"')
      .expect(412);
    const { body } = await request(api.url).get(`/api/tasks/${id}`).set('authorization', ada.bearer).expect(200);
    expect(body.data).toMatchObject({ title: 'Second', version: 2 });
    await request(api.url)
      .delete(`/api/tasks/${id}`)
      .set('authorization', ada.bearer)
      .set('if-match', '"2"')
      .expect(204);
  });

  it.each([
    ['*', 200],
    ['"7", "1"', 200],
    ['W/"1"', 412],
    ['"abc"', 412],
    ['1', 400],
    ['"1', 400],
  ])('If-Match: %s on version 1 → %i', async (ifMatch, status) => {
    const { id } = await task(ada);
    await request(api.url)
      .patch(`/api/tasks/${id}`)
      .set('authorization', ada.bearer)
      .set('if-match', ifMatch)
      .send({ title: 'New' })
      .expect(status);
  });

  it("If-Match: * on another user's task → 404", async () => {
    const { id } = await task(ada);
    await request(api.url)
      .patch(`/api/tasks/${id}`)
      .set('authorization', ben.bearer)
      .set('if-match', '*')
      .send({ title: 'New' })
      .expect(404);
  });

  it.each([
    ['"1"', 304],
    ['W/"1"', 304],
    ['*', 304],
    ['"2"', 200],
  ])('GET with If-None-Match: %s on version 1 → %i', async (ifNoneMatch, status) => {
    const { id } = await task(ada);
    const response = await request(api.url)
      .get(`/api/tasks/${id}`)
      .set('authorization', ada.bearer)
      .set('if-none-match', ifNoneMatch)
      .expect(status);
    expect(response.headers['etag']).toBe('"1"');
    if (status === 304) expect(response.text).toBe('');
  });

  it(`${PARALLEL} parallel PATCHes with one ETag → one 200, the others 412`, async () => {
    const { id } = await task(ada);
    const answers = await Promise.all(
      Array.from({ length: PARALLEL }, (_, index) =>
        request(api.url)
          .patch(`/api/tasks/${id}`)
          .set('authorization', ada.bearer)
          .set('if-match', '"1"')
          .send({ title: `Try ${index}` }),
      ),
    );
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, ...Array.from({ length: PARALLEL - 1 }, () => 412)]);
  });
});

describe('Idempotency-Key', () => {
  it('the same request again → the same answer, headers included, and one task', async () => {
    const user = await api.signUp();
    const key = randomUUID();
    const first = await post(user, key, { title: 'Once', priority: 'high' }).expect(201);
    const second = await post(user, key, { priority: 'high', title: 'Once' }).expect(201);
    expect(second.text).toBe(first.text);
    for (const header of ['location', 'etag', 'content-type'])
      expect(second.headers[header]).toBe(first.headers[header]);
    expect(await countOf(user)).toBe(1);
  });

  it('the same key with another body, or on another route → 422', async () => {
    const key = randomUUID();
    await post(ada, key, { title: 'One' }).expect(201);
    const { body } = await post(ada, key, { title: 'Two' }).expect(422);
    expect(body.code).toBe('idempotency_key_reused');
    await post(ada, key, { operations: [{ op: 'create', task: { title: 'One' } }] }, '/api/tasks/batch').expect(422);
  });

  it('a refused request does not use up its key', async () => {
    const key = randomUUID();
    await post(ada, key, { title: '' }).expect(400);
    await post(ada, key, { title: 'Better' }).expect(201);
  });

  it('a request that is invalid is told so, whatever its key was used for', async () => {
    const key = randomUUID();
    await post(ada, key, { title: 'One' }).expect(201);
    const { body } = await post(ada, key, { title: '' }).expect(400);
    expect(body.errors[0].pointer).toBe('/title');
  });

  it("another user's same key → a task of their own", async () => {
    const key = randomUUID();
    const first = await post(ada, key, { title: 'Mine' }).expect(201);
    const second = await post(ben, key, { title: 'Mine' }).expect(201);
    expect(second.body.data.id).not.toBe(first.body.data.id);
  });

  it.each(['', 'a b', 'ä', 'x'.repeat(256)])('the key %j → 400 naming the header', async (key) => {
    const response = await fetch(`${api.url}/api/tasks`, {
      method: 'POST',
      headers: { authorization: ada.bearer, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ title: 'x' }),
    });
    expect(response.status).toBe(400);
    const problem = (await response.json()) as { errors: { pointer: string }[] };
    expect(problem.errors[0]?.pointer).toBe('/headers/idempotency-key');
  });

  it(`${PARALLEL} parallel POSTs with one key → one row, every 201 identical`, async () => {
    const user = await api.signUp();
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: PARALLEL }, () => post(user, key, { title: 'Once' })));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: PARALLEL }, () => 201));
    const kept = answers.map(({ text, headers }) =>
      JSON.stringify([text, headers['location'], headers['etag'], headers['content-type']]),
    );
    expect(new Set(kept).size).toBe(1);
    expect(await countOf(user)).toBe(1);
  });
});

describe('POST /api/tasks/batch', () => {
  const batch = (user: TestUser, operations: unknown): request.Test =>
    post(user, undefined, { operations }, '/api/tasks/batch');

  it('creates, changes and deletes in order → 200 with a result for each', async () => {
    const user = await api.signUp();
    const [kept, gone] = [await task(user, 'Kept'), await task(user, 'Gone')];
    const { body } = await batch(user, [
      { op: 'create', task: { title: 'New', priority: 'high' } },
      { op: 'update', id: kept.id, version: 1, changes: { status: 'done' } },
      { op: 'update', id: kept.id.toUpperCase(), version: 2, changes: { title: 'Kept, again' } },
      { op: 'delete', id: gone.id },
    ]).expect(200);
    expect(body.data.map((result: { op: string }) => result.op)).toEqual(['create', 'update', 'update', 'delete']);
    expect(body.data[2].task).toMatchObject({ id: kept.id, status: 'done', title: 'Kept, again', version: 3 });
    expect(body.data[3]).toEqual({ op: 'delete', id: gone.id, task: null });
    expect(await countOf(user)).toBe(2);
  });

  it('one that fails → its status and place, and none is done', async () => {
    const user = await api.signUp();
    const { id } = await task(user);
    const foreign = await task(ada);
    const create = { op: 'create', task: { title: 'New' } };
    const missing = await batch(user, [create, { op: 'delete', id: foreign.id }]).expect(404);
    expect(missing.body.errors).toEqual([{ pointer: '/operations/1/id', message: expect.any(String) }]);
    const stale = await batch(user, [create, create, { op: 'update', id, version: 9, changes: { title: 'x' } }]).expect(
      412,
    );
    expect(stale.body.errors[0].pointer).toBe('/operations/2/version');
    expect(await countOf(user)).toBe(1);
  });

  it.each([
    ['no operations', [], '/operations'],
    ['not a list', 'all', '/operations'],
    ['101 operations', Array.from({ length: 101 }, () => ({ op: 'create', task: { title: 'x' } })), '/operations'],
    ['an unknown operation', [{ op: 'drop' }], '/operations/0/op'],
    ['an operation that is null', [null], '/operations/0/op'],
    ['an operation that is an empty list', [[]], '/operations/0/op'],
    ['a number', [5], '/operations/0/op'],
    ['an invalid task', [{ op: 'create', task: { title: '' } }], '/operations/0/task/title'],
    ['no task', [{ op: 'create' }], '/operations/0/task'],
    ['a task that is a list', [{ op: 'create', task: [] }], '/operations/0/task'],
    ['an owner', [{ op: 'create', task: { title: 'x', userId: 'y' } }], '/operations/0/task/userId'],
    ['an unknown property', [{ op: 'delete', id: randomUUID(), force: true }], '/operations/0/force'],
    ['an id that is none', [{ op: 'delete', id: 'x' }], '/operations/0/id'],
    ['no changes', [{ op: 'update', id: randomUUID(), changes: {} }], '/operations/0/changes'],
    ['a poisoned key', [{ op: 'create', task: { title: 'x', constructor: 1 } }], '/operations/0/task/constructor'],
  ])('%s → 400 naming the place', async (_name, operations, pointer) => {
    const { body } = await batch(ada, operations).expect(400);
    expect(body.errors[0].pointer).toBe(pointer);
  });

  it('100 operations with an Idempotency-Key, twice → done once, answered twice alike', async () => {
    const user = await api.signUp();
    const operations = Array.from({ length: 100 }, (_, index) => ({ op: 'create', task: { title: `Task ${index}` } }));
    const key = randomUUID();
    const first = await post(user, key, { operations }, '/api/tasks/batch').expect(200);
    const second = await post(user, key, { operations }, '/api/tasks/batch').expect(200);
    expect(second.text).toBe(first.text);
    expect(await countOf(user)).toBe(100);
  });
});
