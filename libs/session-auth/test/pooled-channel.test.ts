import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { isProven, PostgresRevocationFeed, type ChannelState } from '@session-guard/core';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';

let database: TestDatabase;
let pooler: Server;
let pooled: string;
const sockets = new Set<Socket>();

beforeAll(async () => {
  database = await createTestDatabase('better-auth');
  const { hostname, port } = new URL(database.apiUrl);
  pooler = createServer((client) => {
    const server = connect(Number(port), hostname);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    }
    client.pipe(server).pipe(withOwnProcessId()).pipe(client);
  });
  await once(pooler.listen(0, '127.0.0.1'), 'listening');
  const url = new URL(database.apiUrl);
  url.host = `127.0.0.1:${(pooler.address() as { port: number }).port}`;
  pooled = url.href;
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  pooler.close();
  await database.drop();
});

/** What tells a pooler from PostgreSQL: it names a process of its own when a client connects. */
function withOwnProcessId(): Transform {
  let pending = Buffer.alloc(0);
  let done = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      if (done) return callback(undefined, chunk);
      pending = Buffer.concat([pending, chunk]);
      // A message: its kind, its length without the kind, its content.
      for (let at = 0; at + 9 <= pending.length; at += 1 + pending.readUInt32BE(at + 1)) {
        if (pending.toString('latin1', at, at + 1) !== 'K') continue;
        pending.writeUInt32BE(pending.readUInt32BE(at + 5) + 1, at + 5);
        done = true;
        return callback(undefined, pending);
      }
      // Nothing is held back: the client answers to what comes before it.
      const complete = pending;
      pending = Buffer.alloc(0);
      return callback(undefined, complete);
    },
  });
}

async function open(connectionString: string, error = jest.fn()): Promise<{ alive: boolean; states: ChannelState[] }> {
  const states: ChannelState[] = [];
  const log = { error, warn: () => undefined, log: () => undefined };
  const feed = new PostgresRevocationFeed({ connectionString }, log, { channel: (state) => void states.push(state) });
  await feed.start();
  const alive = isProven(feed, performance.now());
  await feed.stop();
  return { alive, states };
}

describe('the revocation channel', () => {
  it('straight to PostgreSQL → alive', async () => {
    expect(await open(database.apiUrl)).toEqual({ alive: true, states: ['listening'] });
  });

  it('through a pooler → never alive, so that verdicts come from the database; the log names the fix', async () => {
    const error = jest.fn();
    expect(await open(pooled, error)).toEqual({ alive: false, states: ['lost'] });
    expect(error).toHaveBeenCalledWith(expect.stringContaining('DATABASE_LISTEN_URL'));
  });
});
