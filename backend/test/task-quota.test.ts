import pg from 'pg';
import request from 'supertest';
import { clean } from '../src/operator/clean.ts';
import { createTestApp, type TestApp, type TestUser } from './app.ts';

const TASKS = 20;
const BYTES = 20_000;

let api: TestApp;
let owner: pg.Client;
let ada: TestUser;

beforeAll(async () => {
  api = await createTestApp({ env: { MAX_TASKS_PER_USER: String(TASKS), MAX_TASK_BYTES_PER_USER: String(BYTES) } });
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
});
beforeEach(async () => {
  ada = await api.signUp('Ada');
});
afterAll(async () => {
  await owner.end();
  await api.close();
});

const as = (method: 'get' | 'post' | 'patch' | 'delete', path: string, user = ada): request.Test =>
  request(api.url)[method](`/api/tasks${path}`).set('authorization', user.bearer);
const create = (values: object = {}, user = ada) => as('post', '', user).send({ title: 'Task', ...values });
const batch = (...operations: object[]) => as('post', '/batch').send({ operations });
const fill = (count: number) =>
  batch(...Array.from({ length: count }, () => ({ op: 'create', task: { title: 'Task' } }))).expect(200);
const usage = async (user = ada) =>
  (await owner.query('select tasks, bytes::integer as bytes from task_usage where user_id = $1', [user.id])).rows[0] as
    { tasks: number; bytes: number } | undefined;
const counted = async (user = ada) =>
  (
    await owner.query(
      'select count(*)::integer as tasks, coalesce(sum(octet_length(title) + ' +
        'coalesce(octet_length(description), 0)), 0)::integer as bytes from task where user_id = $1',
      [user.id],
    )
  ).rows[0];

it('the task after the last one allowed → 422 quota_exceeded, and another user is not concerned', async () => {
  await fill(TASKS);
  const { body } = await create().expect(422);
  expect(body.code).toBe('quota_exceeded');
  await create({}, await api.signUp('Ben')).expect(201);
  expect(await usage()).toEqual(await counted());
});

it('fifty at once, one short of the limit → exactly one is created', async () => {
  await fill(TASKS - 1);
  const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await create()).status));
  // 503: too many of one user at once for a slow machine.
  const counts = [201, 422, 503].map((wanted) => statuses.filter((status) => status === wanted).length);
  expect(counts[0]).toBe(1);
  expect(counts.reduce((sum, one) => sum + one, 0)).toBe(50);
  expect(await counted()).toMatchObject({ tasks: TASKS });
}, 60_000);

it('the first tasks of a user, many at once → no more than the limit', async () => {
  const statuses = await Promise.all(Array.from({ length: TASKS + 10 }, async () => (await create()).status));
  expect(statuses.filter((status) => status === 201)).toHaveLength(TASKS);
  expect(await usage()).toEqual(await counted());
}, 60_000);

it('a batch that passes the limit → 422 naming the operation, and none is done', async () => {
  await fill(TASKS - 2);
  const { body } = await batch(...Array.from({ length: 4 }, () => ({ op: 'create', task: { title: 'Task' } }))).expect(
    422,
  );
  expect(body).toMatchObject({ code: 'quota_exceeded', errors: [{ pointer: '/operations/2' }] });
  expect(await counted()).toMatchObject({ tasks: TASKS - 2 });
});

it('text counts in bytes, in a change as in a new task; what shortens is allowed', async () => {
  const long = '𝕏'.repeat(4_990);
  const { body } = await create({ description: long }).expect(201);
  await create({ description: long }).expect(422);
  const { body: other } = await create().expect(201);
  await as('patch', `/${other.data.id}`).send({ description: long }).expect(422);
  await batch({ op: 'update', id: other.data.id, changes: { description: long } }).expect(422);
  await as('patch', `/${other.data.id}`).send({ status: 'done' }).expect(200);
  await owner.query(`update task_usage set bytes = ${BYTES * 2} where user_id = $1`, [ada.id]);
  await as('patch', `/${body.data.id}`).send({ description: 'short' }).expect(200);
});

it('deleted tasks are removed when room is needed, the oldest first: the table can’t grow by them', async () => {
  await fill(TASKS);
  const { body } = await as('get', '?sort=createdAt').expect(200);
  const [first, second] = body.data;
  await as('delete', `/${first.id}`).expect(204);
  await as('post', `/${first.id}/restore`).expect(200);
  await as('delete', `/${first.id}`).expect(204);
  await create().expect(201);
  await as('post', `/${first.id}/restore`).expect(404);
  await create().expect(422);
  await as('delete', `/${second.id}`).expect(204);
  for (let count = 0; count < 5; count += 1) {
    const made = await create().expect(201);
    await as('delete', `/${made.body.data.id}`).expect(204);
  }
  expect((await counted()).tasks).toBeLessThanOrEqual(TASKS);
  expect(await usage()).toEqual(await counted());
});

it('the count follows every change, and the API’s role can read its own user’s and write none', async () => {
  const { body } = await create({ description: 'some text' }).expect(201);
  await as('patch', `/${body.data.id}`).send({ title: 'Longer title', description: null }).expect(200);
  await batch(
    { op: 'create', task: { title: 'é' } },
    { op: 'delete', id: body.data.id },
    { op: 'restore', id: body.data.id },
  ).expect(200);
  expect(await usage()).toEqual(await counted());
  await as('delete', `/${body.data.id}`).expect(204);
  await owner.query(`update task set deleted_at = now() - interval '31 days' where id = $1`, [body.data.id]);
  await clean({ databaseUrl: api.database.ownerUrl });
  expect(await usage()).toEqual({ tasks: 1, bytes: 2 });

  const role = new pg.Client({ connectionString: api.database.apiUrl });
  await role.connect();
  try {
    expect((await role.query('select from task_usage')).rowCount).toBe(0);
    await role.query(`select set_config('app.user_id', $1, false)`, [ada.id]);
    expect((await role.query('select tasks from task_usage')).rows).toEqual([{ tasks: 1 }]);
    for (const sql of [
      'update task_usage set tasks = 0',
      'delete from task_usage',
      `insert into task_usage values (0, 0, 'x')`,
      'truncate task_usage',
      'select from task_usage for update',
    ]) {
      await expect(role.query(sql)).rejects.toMatchObject({ code: '42501' });
    }
  } finally {
    await role.end();
  }
});

it('a user whose tasks were never counted is counted by the next write', async () => {
  await fill(5);
  await owner.query('delete from task_usage where user_id = $1', [ada.id]);
  await create().expect(201);
  expect(await usage()).toEqual({ tasks: 6, bytes: 24 });
});

it('deleting a user neither waits for a locked count nor fails, and cleaning removes the count', async () => {
  await fill(3);
  await owner.query('begin');
  await owner.query('select from task_usage where user_id = $1 for update', [ada.id]);
  const other = new pg.Client({ connectionString: api.database.ownerUrl, statement_timeout: 5_000 });
  await other.connect();
  await other.query('delete from "user" where id = $1', [ada.id]);
  await other.end();
  await owner.query('rollback');
  expect(await counted()).toEqual({ tasks: 0, bytes: 0 });
  await clean({ databaseUrl: api.database.ownerUrl });
  expect(await usage()).toBeUndefined();
});
