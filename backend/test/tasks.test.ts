import request from 'supertest';
import { createTestApp, type TestApp, type TestUser } from './app.ts';

let api: TestApp;
let ada: TestUser;
let ben: TestUser;

beforeAll(async () => {
  api = await createTestApp();
  ada = await api.signUp('Ada');
  ben = await api.signUp('Ben');
});
afterAll(() => api.close());

type Method = 'get' | 'post' | 'patch' | 'delete';
const as = (user: TestUser, method: Method, path: string): request.Test =>
  request(api.url)[method](`/api${path}`).set('authorization', user.bearer);
const create = async (user: TestUser, values: object) =>
  (await as(user, 'post', '/tasks').send(values).expect(201)).body.data;

describe('POST /api/tasks', () => {
  it('a title alone → 201 with defaults, Location and ETag', async () => {
    const response = await as(ada, 'post', '/tasks').send({ title: 'Write the report' }).expect(201);
    const { id, createdAt, updatedAt, ...rest } = response.body.data;
    expect(rest).toEqual({
      title: 'Write the report',
      description: null,
      status: 'todo',
      priority: 'medium',
      dueOn: null,
      dueAt: null,
      version: 1,
    });
    expect(createdAt).toBe(updatedAt);
    expect(response.headers['location']).toBe(`/api/tasks/${id}`);
    expect(response.headers['etag']).toBe('"1"');
    await as(ada, 'get', `/tasks/${id}`).expect(200, response.body);
  });

  it('every property, an offset and a fraction in dueAt → echoed in UTC to the millisecond', async () => {
    const task = await create(ada, {
      title: '🦆 duck',
      description: '',
      status: 'done',
      priority: 'high',
      dueAt: '2030-01-01T01:30:00.123456+01:30',
    });
    expect(task).toMatchObject({
      title: '🦆 duck',
      description: '',
      status: 'done',
      priority: 'high',
      dueAt: '2030-01-01T00:00:00.123Z',
    });
  });

  it.each([
    ['no body', undefined, ''],
    ['an array', [], ''],
    ['no title', {}, '/title'],
    ['an empty title', { title: '' }, '/title'],
    ['a blank title', { title: ' \n ' }, '/title'],
    ['a title of 201 characters', { title: 'a'.repeat(201) }, '/title'],
    ['a title that is a number', { title: 5 }, '/title'],
    ['a title with NUL', { title: 'a\u0000b' }, '/title'],
    ['a title with a lone surrogate', { title: 'a\ud800' }, '/title'],
    ['a description of 5,001 characters', { title: 'a', description: 'é'.repeat(5001) }, '/description'],
    ['an unknown status', { title: 'a', status: 'later' }, '/status'],
    ['a null status', { title: 'a', status: null }, '/status'],
    ['an unknown priority', { title: 'a', priority: 3 }, '/priority'],
    ['a date without time', { title: 'a', dueAt: '2030-01-01' }, '/dueAt'],
    ['30 February', { title: 'a', dueAt: '2030-02-30T00:00:00Z' }, '/dueAt'],
    ['the year 0', { title: 'a', dueAt: '0000-01-01T00:00:00Z' }, '/dueAt'],
    ['a userId', { title: 'a', userId: 'somebody' }, '/userId'],
    ['an id', { title: 'a', id: '0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77' }, '/id'],
    ['a version', { title: 'a', version: 9 }, '/version'],
    ['a constructor key', { title: 'a', constructor: { name: 'x' } }, '/constructor'],
  ])('%s → 400 naming the field', async (_name, body, pointer) => {
    const response = await as(ada, 'post', '/tasks')
      .set('content-type', 'application/json')
      .send(body === undefined ? '' : JSON.stringify(body))
      .expect(400);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(response.body.errors[0].pointer).toBe(pointer);
  });
});

describe('/api/tasks/:id', () => {
  it('PATCH → 200 with the changes, a new version and ETag', async () => {
    const task = await create(ada, { title: 'Old', description: 'Text', dueAt: '2030-01-01T00:00:00Z' });
    const response = await as(ada, 'patch', `/tasks/${task.id}`)
      .send({ title: 'New', description: null, dueAt: null, status: 'done' })
      .expect(200);
    expect(response.body.data).toMatchObject({
      id: task.id,
      title: 'New',
      description: null,
      dueAt: null,
      status: 'done',
      version: 2,
    });
    expect(response.headers['etag']).toBe('"2"');
  });

  it('PATCH with nothing to change → 400', async () => {
    const task = await create(ada, { title: 'Old' });
    await as(ada, 'patch', `/tasks/${task.id}`).send({}).expect(400);
  });

  it('DELETE → 204, then 404', async () => {
    const task = await create(ada, { title: 'Gone soon' });
    await as(ada, 'delete', `/tasks/${task.id}`).expect(204);
    await as(ada, 'get', `/tasks/${task.id}`).expect(404);
    await as(ada, 'delete', `/tasks/${task.id}`).expect(404);
  });

  it('an id with NUL → 400', async () => {
    await as(ada, 'get', '/tasks/%00').expect(400);
  });

  it("another user's task, a missing one and no id at all → the same 404", async () => {
    const task = await create(ada, { title: 'Private' });
    const bodies = [];
    for (const id of [task.id, '0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77', 'not-a-uuid', 'a'.repeat(300)]) {
      for (const method of ['get', 'patch', 'delete'] as const) {
        const { requestId, ...body } = (
          await as(ben, method, `/tasks/${id}`)
            .send(method === 'patch' ? { title: 'Mine now' } : undefined)
            .expect(404)
        ).body;
        expect(requestId).toBeDefined();
        bodies.push(JSON.stringify(body));
      }
    }
    expect(new Set(bodies).size).toBe(1);
    await as(ada, 'get', `/tasks/${task.id}`).expect(200, { data: task });
  });
});

describe('GET /api/tasks', () => {
  it("lists one's own tasks only, the newest first", async () => {
    const cleo = await api.signUp('Cleo');
    const first = await create(cleo, { title: 'First' });
    const second = await create(cleo, { title: 'Second' });
    await as(cleo, 'get', '/tasks').expect(200, { data: [second, first], page: { nextCursor: null, limit: 20 } });
    await as(ben, 'get', '/tasks').expect(200, { data: [], page: { nextCursor: null, limit: 20 } });
  });

  it.each([
    'createdAt',
    '-createdAt',
    'dueOn',
    '-dueOn',
    'dueAt',
    '-dueAt',
    'priority',
    '-priority',
    'title',
    '-title',
  ])('sort=%s, page by page → every task once, in order, nulls last', async (sort) => {
    const user = await api.signUp();
    const priorities = ['low', 'medium', 'high'];
    const tasks = [];
    for (let index = 0; index < 11; index += 1) {
      tasks.push(
        await create(user, {
          title: ['b', 'A', 'c', 'Ä'][index % 4],
          priority: priorities[index % 3],
          dueAt: index % 3 === 0 ? null : `2030-01-0${1 + (index % 4)}T00:00:00Z`,
        }),
      );
    }
    const seen = [];
    let path: string | undefined = `/tasks?sort=${sort}&limit=3`;
    while (path !== undefined) {
      const { body }: request.Response = await as(user, 'get', path).expect(200);
      seen.push(...body.data);
      path = body.page.nextCursor === null ? undefined : `/tasks?sort=${sort}&limit=3&cursor=${body.page.nextCursor}`;
    }
    const field = sort.replace('-', '');
    const sign = sort.startsWith('-') ? -1 : 1;
    const key = (task: Record<string, string | null>): string | number | null => {
      const value = task[field] ?? null;
      return field === 'priority'
        ? priorities.indexOf(String(value))
        : field === 'title'
          ? String(value).toLowerCase()
          : value;
    };
    const expected = tasks.toSorted((a, b) => {
      const [x, y] = [key(a), key(b)];
      if (x === y) return sign * (a.id < b.id ? -1 : 1);
      if (x === null) return 1;
      if (y === null) return -1;
      return sign * (x < y ? -1 : 1);
    });
    expect(seen.map((task) => task.id)).toEqual(expected.map((task) => task.id));
  });

  it('filters by status, priority, due date and text', async () => {
    const user = await api.signUp();
    const venue = await create(user, { title: 'Book the VENUE', status: 'done', dueAt: '2030-03-01T00:00:00Z' });
    const percent = await create(user, {
      title: 'Grow',
      description: 'by 100% in the venue',
      priority: 'high',
      dueAt: '2030-04-01T00:00:00Z',
    });
    const ids = async (query: string) =>
      (await as(user, 'get', `/tasks?sort=createdAt&${query}`).expect(200)).body.data.map(
        (task: { id: string }) => task.id,
      );
    expect(await ids('q=venue')).toEqual([venue.id, percent.id]);
    expect(await ids('q=0%25%20in')).toEqual([percent.id]);
    expect(await ids('q=%25')).toEqual([percent.id]);
    expect(await ids('q=_')).toEqual([]);
    expect(await ids('status=done')).toEqual([venue.id]);
    expect(await ids('priority=high&q=venue')).toEqual([percent.id]);
    expect(await ids('dueBefore=2030-04-01T00:00:00Z')).toEqual([venue.id]);
    expect(await ids('dueAfter=2030-03-01T00:00:00Z')).toEqual([percent.id]);
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=1e9',
    'limit=-1',
    'limit=abc',
    'limit=',
    'limit=5&limit=6',
    'sort=id',
    'status=x',
    'q=',
    'dueBefore=tomorrow',
    'cursor=x',
    'page=2',
    'q=%00',
    '__proto__=1',
    'constructor=1',
  ])('%s → 400', async (query) => {
    const { body } = await as(ada, 'get', `/tasks?${query}`).expect(400);
    expect(body.errors[0].pointer).toBe(`/query/${query.split('=')[0]}`);
  });

  it('a cursor of another user, filter or sort, or an altered one → 400', async () => {
    const user = await api.signUp();
    for (const title of ['a', 'b', 'c']) await create(user, { title });
    const { body } = await as(user, 'get', '/tasks?limit=1').expect(200);
    const cursor: string = body.page.nextCursor;
    await as(user, 'get', `/tasks?limit=2&cursor=${cursor}`).expect(200);
    await as(ben, 'get', `/tasks?cursor=${cursor}`).expect(400);
    await as(user, 'get', `/tasks?sort=title&cursor=${cursor}`).expect(400);
    await as(user, 'get', `/tasks?status=todo&cursor=${cursor}`).expect(400);
    await as(user, 'get', `/tasks?cursor=${cursor.slice(0, -1)}${cursor.endsWith('A') ? 'B' : 'A'}`).expect(400);
    await as(user, 'get', `/tasks?cursor=A${cursor.slice(1)}`).expect(400);
  });
});
