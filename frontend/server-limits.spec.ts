import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { BODY_LIMIT_BYTES, serverLimits, watchBody } from './server-limits.mjs';

let server: Server;
let read = 0;
let port: number;
beforeAll(async () => {
  server = createServer(serverLimits, (request, response) => {
    if (!watchBody(request, response)) return;
    if (request.url === '/unread') {
      response.end('unread');
      return;
    }
    request.on('data', (chunk: Buffer) => (read += chunk.length)).on('end', () => response.end('read'));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => new Promise<void>((done) => server.close(() => done())));
beforeEach(() => (read = 0));

/** Sends up to 50 MB and says what came back, and how many bytes the server took from its socket. */
function send(
  path: string,
  header: string,
  chunked: boolean,
  bytes = 50_000_000,
): Promise<{ answer: string; taken: number }> {
  return new Promise((resolve) => {
    let answer = '';
    let sent = 0;
    let taken = 0;
    server.once('connection', (socket) => socket.on('close', () => (taken = socket.bytesRead)));
    const client = connect(port, '127.0.0.1', () => {
      client.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n${header}\r\nConnection: close\r\n\r\n`);
      pump();
    });
    function pump(): void {
      while (sent < bytes && !client.destroyed) {
        const chunk = Buffer.alloc(Math.min(16_384, bytes - sent), 'a');
        sent += chunk.length;
        if (
          !client.write(
            chunked
              ? Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')])
              : chunk,
          )
        ) {
          client.once('drain', pump);
          return;
        }
      }
      if (chunked) client.write('0\r\n\r\n');
    }
    client.on('data', (data: Buffer) => (answer += data.toString()));
    client.on('error', () => undefined);
    client.on('close', () => setImmediate(() => resolve({ answer, taken })));
  });
}

it.each([
  ['announced', 'Content-Length: 50000000', false],
  ['not announced', 'Transfer-Encoding: chunked', true],
])('a body that is too long and %s is refused, said to be, and left unread', async (_, header, chunked) => {
  const { answer, taken } = await send('/', header, chunked);
  expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*Connection: close[\s\S]*BODY_TOO_LARGE/);
  expect(read).toBeLessThanOrEqual(BODY_LIMIT_BYTES);
  expect(taken).toBeLessThan(1_000_000);
});

it('what an answer left unread is not read for its sake', async () => {
  const { answer, taken } = await send('/unread', 'Transfer-Encoding: chunked', true);
  expect(answer).toContain('unread');
  expect(taken).toBeLessThan(1_000_000);
});

it.each([
  ['announced', `Content-Length: ${BODY_LIMIT_BYTES}`, false],
  ['not announced', 'Transfer-Encoding: chunked', true],
])('a body of exactly the limit passes, %s', async (_, header, chunked) => {
  expect((await send('/', header, chunked, BODY_LIMIT_BYTES)).answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(read).toBe(BODY_LIMIT_BYTES);
});

it('a slow request is found within a second of its fifteen', () => {
  expect(serverLimits).toMatchObject({
    requestTimeout: 15_000,
    headersTimeout: 15_000,
    connectionsCheckingInterval: 1_000,
  });
});
