import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { until } from '../../scripts/processes.ts';
import { boundUnreadAnswers } from '../src/http/server/unread-answers.ts';

const ANSWER = 'x'.repeat(16 * 1_048_576);
let server: FastifyInstance;
let port: number;
const sockets: Socket[] = [];

beforeAll(async () => {
  server = Fastify();
  boundUnreadAnswers(server, 4 * ANSWER.length);
  server.get('/large', () => ANSWER);
  server.get('/small', () => 'small');
  port = Number(new URL(await server.listen({ port: 0, host: '127.0.0.1' })).port);
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await server.close();
});

/** Asks for the large answer and reads nothing of it. */
async function askAndLeave(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  socket.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n');
  return socket;
}

const connections = () =>
  new Promise<number>((resolve) => server.server.getConnections((_error, count) => resolve(count)));

it('of unread answers the oldest connections are closed beyond the bound; read ones arrive whole', async () => {
  for (let count = 0; count < 12; count += 1) {
    await askAndLeave();
    const answer = await fetch(`http://127.0.0.1:${port}/large`, { headers: { connection: 'close' } });
    expect(await answer.text()).toHaveLength(ANSWER.length);
  }
  expect(await until(async () => (await connections()) <= 5, 10_000)).toBe(true);
  expect(await (await fetch(`http://127.0.0.1:${port}/small`)).text()).toBe('small');
});
