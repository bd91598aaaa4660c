import request from 'supertest';
import { createTestApp, type TestApp, type TestUser } from './app.ts';
import { EventReader } from './events.ts';

let api: TestApp;
let other: TestApp;
let ada: TestUser;
let ben: TestUser;
const readers: EventReader[] = [];

beforeAll(async () => {
  api = await createTestApp();
  other = await createTestApp({ database: api.database });
  ada = await api.signUp('Ada');
  ben = await api.signUp('Ben');
});
afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});
afterAll(async () => {
  await other.close();
  await api.close();
});

const open = async (user: TestUser, headers?: Record<string, string>): Promise<EventReader> => {
  const reader = await EventReader.open(api, user, headers);
  readers.push(reader);
  return reader;
};
const create = async (app: TestApp, user: TestUser, title = 'A task') =>
  (await request(app.url).post('/api/tasks').set('authorization', user.bearer).send({ title }).expect(201)).body.data;

describe('GET /api/tasks/events', () => {
  it("tells one's own changes made on another instance, and nobody else's", async () => {
    const reader = await open(ada, { origin: 'http://localhost:3000' });
    expect(reader.response.status).toBe(200);
    expect(reader.response.headers.get('content-type')).toBe('text/event-stream');
    expect(reader.response.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    expect(reader.response.headers.get('cache-control')).toContain('no-store');
    await reader.first('ready');
    await create(other, ben, 'Secret of Ben');
    const task = await create(other, ada);
    await request(other.url)
      .patch(`/api/tasks/${task.id}`)
      .set('authorization', ada.bearer)
      .send({ status: 'done' })
      .expect(200);
    await request(other.url).delete(`/api/tasks/${task.id}`).set('authorization', ada.bearer).expect(204);
    await reader.first('task.deleted');
    expect(reader.events.map(({ type, data }) => [type, data])).toEqual([
      ['ready', {}],
      ['task.created', { id: task.id, version: 1 }],
      ['task.updated', { id: task.id, version: 2 }],
      ['task.deleted', { id: task.id, version: 2 }],
    ]);
  });

  it('with Last-Event-ID → what was missed, then ready', async () => {
    const before = await open(ada);
    await create(api, ada);
    const seen = await before.first('task.created');
    before.close();
    const missed = await create(other, ada);
    await create(other, ben);
    // The other instance's change has arrived here once a reader here has seen it.
    const witness = await open(ada, { 'last-event-id': seen.id ?? '' });
    await witness.until(({ events }) => events.some(({ data }) => JSON.stringify(data).includes(missed.id)));
    const reader = await open(ada, { 'last-event-id': seen.id ?? '' });
    await reader.first('ready');
    expect(reader.events.map(({ type, data }) => [type, data])).toEqual([
      ['task.created', { id: missed.id, version: 1 }],
      ['ready', {}],
    ]);
  });

  it('with a Last-Event-ID nobody knows → reset', async () => {
    const reader = await open(ada, { 'last-event-id': '00000000-0000-4000-8000-000000000000' });
    await reader.first('reset');
    expect(reader.events).toHaveLength(1);
  });

  it('more than a hundred changes in one statement → reset instead', async () => {
    const user = await api.signUp();
    const reader = await open(user);
    await reader.first('ready');
    await insertMany(user, 101);
    await reader.first('reset');
    expect(reader.events).toHaveLength(2);
  });

  it('when the session is revoked → session.ended and the end', async () => {
    const user = await api.signUp();
    const reader = await open(user);
    await reader.first('ready');
    await api.signOut(user);
    const last = await reader.first('session.ended');
    expect(last.data).toEqual({ reason: 'revoked' });
    await reader.until(({ ended }) => ended);
    await create(api, ada);
    expect(reader.events.at(-1)?.type).toBe('session.ended');
  });

  it('the listening connection cut → the stream goes on after a reset', async () => {
    const reader = await open(ada);
    await reader.first('ready');
    await sql(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'session-guard-events' " +
        'and datname = current_database()',
    );
    await reader.first('reset');
    const task = await create(other, ada);
    expect(await reader.first('task.created')).toMatchObject({ data: { id: task.id } });
  });

  it('the 21st stream of one user → 429', async () => {
    const user = await api.signUp();
    const streams = await Promise.all(Array.from({ length: 20 }, () => open(user)));
    expect(streams.every(({ response }) => response.status === 200)).toBe(true);
    const refused = await open(user);
    expect(refused.response.status).toBe(429);
  });

  it('without a session → 401, with an invalid Last-Event-ID → 400, HEAD → 200 at once', async () => {
    await request(api.url).get('/api/tasks/events').expect(401);
    await request(api.url)
      .get('/api/tasks/events')
      .set('authorization', ada.bearer)
      .set('last-event-id', 'a b')
      .expect(400);
    await request(api.url).head('/api/tasks/events').set('authorization', ada.bearer).expect(200);
  });

  it('the application closes → the stream ends', async () => {
    const third = await createTestApp({ database: api.database });
    const reader = await EventReader.open(third, ada);
    await reader.first('ready');
    await third.close();
    await reader.until(({ ended }) => ended);
  });
});

async function sql(text: string, values: unknown[] = []): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: api.database.ownerUrl });
  await client.connect();
  try {
    await client.query(text, values);
  } finally {
    await client.end();
  }
}

const insertMany = (user: TestUser, count: number): Promise<void> =>
  sql("insert into task (user_id, title) select $1, 'Task ' || n from generate_series(1, $2) as n", [user.id, count]);
