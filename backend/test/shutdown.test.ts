import { connect } from 'node:net';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import pg from 'pg';
import request from 'supertest';
import { createTestApp, type TestApp } from './app.ts';

let api: TestApp;
let owner: pg.Client;

beforeAll(async () => {
  api = await createTestApp();
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await api.close();
});

it('requests under way, and those that follow on their connections, are answered while the API closes', async () => {
  const ada = await api.signUp('Ada');
  const task = await request(api.url)
    .post('/api/tasks')
    .set('authorization', ada.bearer)
    .send({ title: 'slow' })
    .expect(201);
  await owner.query('begin');
  await owner.query('select from task where id = $1 for update', [task.body.data.id]);

  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  const answers: string[] = [];
  socket.setEncoding('utf8').on('data', (chunk: string) => answers.push(chunk));
  const head = `Host: localhost\r\nAuthorization: ${ada.bearer}\r\n`;
  const body = JSON.stringify({ priority: 'high' });
  socket.write(
    `PATCH /api/tasks/${task.body.data.id} HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: ` +
      `${body.length}\r\n\r\n${body}`,
  );
  await waitForLock();

  const closed = api.app.close();
  while (api.app.getHttpServer().listening) await setImmediate();
  socket.write(`GET /api/me HTTP/1.1\r\n${head}\r\n`);
  await owner.query('commit');
  await once(socket, 'close');
  await closed;

  const text = answers.join('');
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
  expect(text).toContain('"priority":"high"');
  expect(text).toContain(ada.email);
});

async function waitForLock(): Promise<void> {
  for (;;) {
    const { rowCount } = await owner.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rowCount) return;
  }
}
