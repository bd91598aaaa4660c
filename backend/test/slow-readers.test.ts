import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import pg from 'pg';
import request from 'supertest';
import { until } from '../../scripts/processes.ts';
import { StreamBudget } from '../src/tasks/events/stream.budget.ts';
import { TaskFeed } from '../src/tasks/events/task.feed.ts';
import { createTestApp, type TestApp, type TestUser } from './app.ts';
import { EventReader } from './events.ts';

const STREAMS = 5;
/** Events that fill what the operating system keeps for a connection, several times over. */
const EVENTS = 60_000;
const BURST = 500;

let api: TestApp;
let owner: pg.Client;
let ada: TestUser;
const sockets: Socket[] = [];
const readers: EventReader[] = [];

beforeAll(async () => {
  api = await createTestApp({ env: { MAX_STREAMS: '25' } });
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
});
beforeEach(async () => {
  ada = await api.signUp('Ada');
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const reader of readers.splice(0)) reader.close();
});

const follow = async (user: TestUser, headers?: Record<string, string>): Promise<EventReader> => {
  const reader = await EventReader.open(api, user, headers);
  readers.push(reader);
  return reader;
};
afterAll(async () => {
  await owner.end();
  await api.close();
});

/** A connection that asks and never reads the answer. */
async function askAndLeave(path: string, user: TestUser): Promise<void> {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  socket.write(`GET ${path} HTTP/1.1\r\nHost: api\r\nAuthorization: ${user.bearer}\r\n\r\n`);
}

/** Announces changes as the database does, without making them. */
const announce = (user: TestUser, count: number) =>
  owner.query(
    "select count(pg_notify('session_guard_task', " +
      "json_build_object('event', gen_random_uuid(), 'user', $1::text, 'type', 'updated', 'id', repeat('x', 250), " +
      "'version', n)::text)) from generate_series(1, $2::int) as n",
    [user.id, count],
  );

it('streams that nobody reads are closed with little buffered, and the others go on', async () => {
  const [feed, budget] = [api.app.get(TaskFeed), api.app.get(StreamBudget)];
  const reader = await follow(ada);
  await reader.first('ready');
  for (let count = 0; count < STREAMS; count += 1) await askAndLeave('/api/tasks/events', ada);
  expect(await until(() => Promise.resolve(feed.countOf(ada.id) === STREAMS + 1), 10_000)).toBe(true);
  let most = 0;
  let sent = 0;
  while (feed.countOf(ada.id) > 1 && sent < EVENTS) {
    reader.events.length = 0;
    await announce(ada, BURST);
    sent += BURST;
    // A reset stands for what went before it.
    await reader.until(
      ({ events }) =>
        events.some(({ type, data }) => type === 'reset' || (data as { version?: number }).version === BURST),
      60_000,
    );
    most = Math.max(most, budget.waiting);
  }
  expect(feed.countOf(ada.id)).toBe(1);
  expect(most).toBeLessThanOrEqual(STREAMS * 65_536);
  expect(await until(() => Promise.resolve(budget.waiting === 0), 5_000)).toBe(true);
  expect(reader.ended).toBe(false);
  reader.events.length = 0;
  await announce(ada, 1);
  await reader.until(({ events }) => events.some(({ data }) => (data as { version?: number }).version === 1));
}, 180_000);

it('streams opened at once: more than one user may → 429, more than all users together may → 503', async () => {
  const ben = await api.signUp('Ben');
  const open = (user: TestUser, count: number) => Promise.all(Array.from({ length: count }, () => follow(user)));
  const first = await open(ada, 30);
  const statuses = (readers: EventReader[]) => readers.map(({ response }) => response.status).toSorted((a, b) => a - b);
  expect(statuses(first)).toEqual([...Array.from({ length: 20 }, () => 200), ...Array.from({ length: 10 }, () => 429)]);
  const second = await open(ben, 10);
  expect(statuses(second)).toEqual([...Array.from({ length: 5 }, () => 200), ...Array.from({ length: 5 }, () => 503)]);
  const refused = await request(api.url).get('/api/tasks/events').set('authorization', ben.bearer).expect(503);
  expect(refused.body.code).toBe('too_many_streams');
  expect(refused.headers['retry-after']).toBe('10');
  for (const reader of readers.splice(0)) reader.close();
  expect(await until(() => Promise.resolve(api.app.get(TaskFeed).count === 0), 10_000)).toBe(true);
});

it('who missed more than a hundred changes is told to read again instead', async () => {
  const before = await follow(ada);
  const { id } = await before.first('ready');
  await announce(ada, 100);
  await before.until(({ events }) => events.length === 101);
  const resumed = await follow(ada, { 'last-event-id': id ?? '' });
  await resumed.first('ready');
  expect(resumed.events).toHaveLength(101);
  await announce(ada, 1);
  await before.until(({ events }) => events.length === 102);
  const late = await follow(ada, { 'last-event-id': id ?? '' });
  await late.first('reset');
  expect(late.events).toHaveLength(1);
});
