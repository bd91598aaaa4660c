import pg from 'pg';
import request from 'supertest';
import { ownerDataSource } from '../src/operator/owner.data-source.ts';
import { TaskDueDays1767225612000 } from '../src/database/migrations/1767225612000-task-due-days.ts';
import { createTestApp, type TestApp, type TestUser } from './app.ts';

let api: TestApp;
let ada: TestUser;

beforeAll(async () => {
  api = await createTestApp();
});
beforeEach(async () => {
  ada = await api.signUp('Ada');
});
afterAll(() => api.close());

const as = (method: 'get' | 'post' | 'patch', path: string): request.Test =>
  request(api.url)[method](`/api/tasks${path}`).set('authorization', ada.bearer);
const create = async (values: object) =>
  (
    await as('post', '')
      .send({ title: 'Task', ...values })
      .expect(201)
  ).body.data;
const ids = async (query: string) =>
  (await as('get', `?${query}`).expect(200)).body.data.map(({ id }: { id: string }) => id);

describe('dueOn and dueAt', () => {
  it.each([
    ['a day alone: noon of it in UTC', { dueOn: '2030-03-14' }, '2030-03-14', '2030-03-14T12:00:00.000Z'],
    [
      'an instant alone: its day in UTC',
      { dueAt: '2030-03-14T23:59:00-08:00' },
      '2030-03-15',
      '2030-03-15T07:59:00.000Z',
    ],
    [
      'both of one day: as given',
      { dueOn: '2030-03-14', dueAt: '2030-03-14T23:59:59.999Z' },
      '2030-03-14',
      '2030-03-14T23:59:59.999Z',
    ],
    ['29 February of a leap year', { dueOn: '2028-02-29' }, '2028-02-29', '2028-02-29T12:00:00.000Z'],
    ['the first day there is', { dueOn: '0001-01-01' }, '0001-01-01', '0001-01-01T12:00:00.000Z'],
    ['the last day there is', { dueOn: '9999-12-31' }, '9999-12-31', '9999-12-31T12:00:00.000Z'],
    ['null', { dueOn: null }, null, null],
    ['both null', { dueOn: null, dueAt: null }, null, null],
    ['neither', {}, null, null],
  ])('%s', async (_name, values, dueOn, dueAt) => {
    const task = await create(values);
    expect(task).toMatchObject({ dueOn, dueAt });
    expect((await as('get', `/${task.id}`).expect(200)).body.data).toEqual(task);
    const other = await create({ dueOn: '2031-01-01' });
    if (Object.keys(values).length > 0)
      expect((await as('patch', `/${other.id}`).send(values).expect(200)).body.data).toMatchObject({ dueOn, dueAt });
    const { body } = await as('post', '/batch')
      .send({ operations: [{ op: 'create', task: { title: 'x', ...values } }] })
      .expect(200);
    expect(body.data[0].task).toMatchObject({ dueOn, dueAt });
  });

  it('a change of something else leaves the date alone, and null takes it away', async () => {
    const task = await create({ dueAt: '2030-03-14T07:30:00Z' });
    expect((await as('patch', `/${task.id}`).send({ title: 'New' }).expect(200)).body.data).toMatchObject({
      dueOn: '2030-03-14',
      dueAt: '2030-03-14T07:30:00.000Z',
    });
    expect((await as('patch', `/${task.id}`).send({ dueAt: null }).expect(200)).body.data).toMatchObject({
      dueOn: null,
      dueAt: null,
    });
  });

  it.each([
    '2030-02-30',
    '2030-02-29',
    '2030-13-01',
    '2030-00-10',
    '2030-01-00',
    '0000-01-01',
    '10000-01-01',
    '-2030-01-01',
    '+02030-01-01',
    '2030-1-1',
    '2030-01-01T00:00:00Z',
    '2030-01-01Z',
    ' 2030-01-01',
    '2030-01-01 ',
    '２０３０-01-01',
    'tomorrow',
    '',
    '20300101',
    20_300_101,
    true,
    {},
    [],
    ['2030-01-01'],
  ])('%j is no day → 400 naming it, in a batch too', async (dueOn) => {
    const created = await as('post', '').send({ title: 'Task', dueOn }).expect(400);
    expect(created.body.errors[0].pointer).toMatch(/^\/dueOn/);
    const task = await create({});
    await as('patch', `/${task.id}`).send({ dueOn }).expect(400);
    const { body } = await as('post', '/batch')
      .send({ operations: [{ op: 'update', id: task.id, changes: { dueOn } }] })
      .expect(400);
    expect(body.errors[0].pointer).toMatch(/^\/operations\/0\/changes\/dueOn/);
  });

  it.each([
    { dueOn: '2030-03-14', dueAt: '2030-03-14T23:59:00-08:00' },
    { dueOn: '2030-03-14', dueAt: null },
    { dueOn: null, dueAt: '2030-03-14T00:00:00Z' },
  ])('%j mean different days → 400 naming dueOn, and nothing is written', async (values) => {
    const { body } = await as('post', '')
      .send({ title: 'Task', ...values })
      .expect(400);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/dueOn']);
    expect(await ids('')).toEqual([]);
  });
});

describe('lists by day', () => {
  it('dueFrom and dueTo are days that count themselves; tasks without a date are in neither', async () => {
    await create({});
    const [first, second, late] = [
      await create({ dueAt: '2030-03-01T00:00:00Z' }),
      await create({ dueOn: '2030-03-02' }),
      await create({ dueAt: '2030-03-02T23:59:59.999Z' }),
    ];
    const last = await create({ dueOn: '9999-12-31' });
    const sorted = (query: string) => ids(`sort=dueOn&${query}`);
    expect(await sorted('dueFrom=2030-03-01')).toEqual([first.id, second.id, late.id, last.id]);
    expect(await sorted('dueFrom=2030-03-02')).toEqual([second.id, late.id, last.id]);
    expect(await sorted('dueTo=2030-03-01')).toEqual([first.id]);
    expect(await sorted('dueTo=2030-03-02')).toEqual([first.id, second.id, late.id]);
    expect(await sorted('dueFrom=2030-03-02&dueTo=2030-03-02')).toEqual([second.id, late.id]);
    expect(await sorted('dueTo=9999-12-31')).toEqual([first.id, second.id, late.id, last.id]);
    expect(await sorted('dueFrom=0001-01-01')).toHaveLength(4);
  });

  it.each([
    'dueFrom=2030-02-30',
    'dueTo=2030-03-01T00:00:00Z',
    'dueFrom=',
    'dueTo=0000-01-01',
    'dueFrom=2030-01-01&dueFrom=2030-01-02',
  ])('%s → 400', async (query) => {
    const { body } = await as('get', `?${query}`).expect(400);
    expect(body.errors[0].pointer).toBe(`/query/${query.split('=')[0]}`);
  });

  it.each(['dueFrom', 'dueTo', 'dueBefore', 'dueAfter', 'status', 'priority', 'q'])(
    'a cursor of another %s → 400',
    async (filter) => {
      const values: Record<string, [string, string]> = {
        dueFrom: ['2029-01-01', '2029-01-02'],
        dueTo: ['2031-01-01', '2031-01-02'],
        dueBefore: ['2031-01-01T00:00:00Z', '2031-01-02T00:00:00Z'],
        dueAfter: ['2029-01-01T00:00:00Z', '2029-01-02T00:00:00Z'],
        status: ['todo', 'done'],
        priority: ['medium', 'low'],
        q: ['task', 'tas'],
      };
      const [one, other] = values[filter]!;
      for (let count = 0; count < 3; count += 1) await create({ dueOn: '2030-01-01' });
      const { body } = await as('get', `?limit=1&${filter}=${one}`).expect(200);
      const cursor: string = body.page.nextCursor;
      await as('get', `?limit=1&${filter}=${one}&cursor=${cursor}`).expect(200);
      await as('get', `?limit=1&${filter}=${other}&cursor=${cursor}`).expect(400);
      await as('get', `?limit=1&cursor=${cursor}`).expect(400);
    },
  );

  it('dueFrom is not dueTo to a cursor', async () => {
    for (let count = 0; count < 3; count += 1) await create({ dueOn: '2030-01-01' });
    const { body } = await as('get', '?limit=1&dueFrom=2030-01-01').expect(200);
    await as('get', `?limit=1&dueTo=2030-01-01&cursor=${body.page.nextCursor}`).expect(400);
  });
});

it('the migration turns ends of days from west of Greenwich into noon of the chosen day, and no others', async () => {
  const owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
  const dataSource = await ownerDataSource(api.database.ownerUrl, 'session_guard_api').initialize();
  const runner = dataSource.createQueryRunner();
  try {
    const written = [
      ['Los Angeles', '2030-03-14T23:59:00-07:00', '2030-03-14', 2],
      ['Honolulu', '2030-03-14T23:59:00-10:00', '2030-03-14', 2],
      ['the Azores', '2030-03-14T23:59:00-01:00', '2030-03-14', 2],
      ['London', '2030-03-14T23:59:00Z', '2030-03-14', 1],
      ['Tokyo', '2030-03-14T23:59:00+09:00', '2030-03-14', 1],
      ['Auckland', '2030-03-14T23:59:00+13:00', '2030-03-14', 1],
      ['a time', '2030-03-14T07:59:01Z', '2030-03-14', 1],
      ['midnight', '2030-03-14T00:00:00Z', '2030-03-14', 1],
    ] as const;
    const ben = await api.signUp('Ben');
    for (const user of [ada, ben])
      for (const [title, dueAt] of written)
        await owner.query('insert into task (user_id, title, due_at) values ($1, $2, $3)', [user.id, title, dueAt]);
    await runner.startTransaction();
    await new TaskDueDays1767225612000().up(runner);
    await runner.commitTransaction();
    const { body } = await as('get', '?sort=createdAt').expect(200);
    expect(
      new Map(body.data.map((task: Record<string, unknown>) => [task['title'], [task['dueOn'], task['version']]])),
    ).toEqual(new Map(written.map(([title, , dueOn, version]) => [title, [dueOn, version]])));
    expect((await owner.query('select from task where user_id = $1 and version = 2', [ben.id])).rowCount).toBe(3);
  } finally {
    await runner.release();
    await dataSource.destroy();
    await owner.end();
  }
});
