import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import request from 'supertest';
import { INPUT_LIMITS } from '../src/http/input/clean-input.ts';
import { createTestApp, type TestApp, type TestUser } from './app.ts';

/** What clients, proxies and attackers send that is no ordinary request: the answer is problem+json all the same. */
let api: TestApp;
let ada: TestUser;

beforeAll(async () => {
  api = await createTestApp({ env: { CORS_HEADERS: 'X-Client-Version', API_BODY_LIMIT: '64 KiB' } });
  ada = await api.signUp('Ada');
});
afterAll(() => api.close());

function open(): { socket: Socket; answer: Promise<string> } {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  const chunks: string[] = [];
  socket.setEncoding('latin1').on('data', (chunk: string) => chunks.push(chunk));
  socket.on('error', () => undefined);
  return { socket, answer: once(socket, 'close').then(() => chunks.join('')) };
}

/** Sends bytes as they are and returns all that comes back. */
async function raw(lines: readonly string[], body = ''): Promise<string> {
  const { socket, answer } = open();
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
  return answer;
}
const close = 'Connection: close';
const host = 'Host: localhost';
const bearer = (): string => `Authorization: ${ada.bearer}`;

/** One answer, and only one. */
function isProblem(text: string, status: number, code?: string): void {
  expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  expect(text).toContain('content-type: application/problem+json');
  if (code !== undefined) expect(text).toContain(`"code":"${code}"`);
}

describe('every refusal is problem+json', () => {
  it.each([
    ['OPTIONS without preflight headers', ['OPTIONS /api/tasks HTTP/1.1', host, close], 405, 'method_not_allowed'],
    ['OPTIONS of an unknown path', ['OPTIONS /api/nowhere HTTP/1.1', host, close], 404, 'not_found'],
    ['OPTIONS *', ['OPTIONS * HTTP/1.1', host, close], 404, 'not_found'],
    ['no Host', ['GET /api/tasks HTTP/1.1', close], 400, 'bad_request'],
    [
      'an expectation nobody meets',
      ['GET /api/health/live HTTP/1.1', host, close, 'Expect: x'],
      417,
      'expectation_failed',
    ],
    ['CONNECT', ['CONNECT example.com:443 HTTP/1.1', 'Host: example.com:443'], 405, 'method_not_allowed'],
    ['TRACE', ['TRACE /api/tasks HTTP/1.1', host, close], 405, 'method_not_allowed'],
    ['a method nobody knows', ['FOO /api/tasks HTTP/1.1', host, close], 400, 'bad_request'],
    ['HTTP/3.0', ['GET /api/me HTTP/3.0', host, close], 400, 'bad_request'],
    [
      'two lengths',
      ['POST /api/tasks HTTP/1.1', host, close, 'Content-Length: 2', 'Content-Length: 3'],
      400,
      'bad_request',
    ],
    ['a length that is none', ['POST /api/tasks HTTP/1.1', host, close, 'Content-Length: x'], 400, 'bad_request'],
    [
      'a length and chunks',
      ['POST /api/tasks HTTP/1.1', host, close, 'Content-Length: 2', 'Transfer-Encoding: chunked'],
      400,
      'bad_request',
    ],
    [
      'an encoding of the transfer nobody knows',
      ['POST /api/tasks HTTP/1.1', host, close, 'Transfer-Encoding: gzip'],
      400,
      'bad_request',
    ],
    ['a header that is none', ['GET /api/me HTTP/1.1', host, close, 'No colon'], 400, 'bad_request'],
    ['a space in a header’s name', ['GET /api/me HTTP/1.1', host, close, 'X Y: 1'], 400, 'bad_request'],
  ])('%s', async (_name, lines, status, code) => {
    isProblem(await raw(lines), status, code);
  });

  it('HTTP/1.0 needs no Host', async () => {
    expect(await raw(['GET /api/health/live HTTP/1.0'])).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('a body whose chunks are broken → 400, once', async () => {
    const head = [
      'POST /api/tasks HTTP/1.1',
      host,
      close,
      bearer(),
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
    ];
    isProblem(await raw(head, 'zz\r\n{}\r\n0\r\n\r\n'), 400, 'bad_request');
  });

  it.each(['gzip', 'br', 'deflate', 'GZIP', 'identity, gzip'])(
    'a body in Content-Encoding %s → 415 that says which is accepted',
    async (encoding) => {
      const response = await request(api.url)
        .post('/api/tasks')
        .set('authorization', ada.bearer)
        .set('content-type', 'application/json')
        .set('content-encoding', encoding)
        .send('{"title":"x"}')
        .expect(415);
      expect(response.headers['accept-encoding']).toBe('identity');
      expect(response.body).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    },
  );

  it('Content-Encoding identity is none', async () => {
    await request(api.url)
      .post('/api/tasks')
      .set('authorization', ada.bearer)
      .set('content-encoding', 'identity')
      .send({ title: 'x' })
      .expect(201);
  });

  it.each([
    ['put', '/api/tasks', 'GET, HEAD, POST'],
    ['delete', '/api/me', 'GET, HEAD'],
    ['post', '/api/tasks/0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77', 'DELETE, GET, HEAD, PATCH'],
    ['post', '/api/health/live?x=1', 'GET, HEAD'],
    ['post', '/api/openapi.json', 'GET, HEAD'],
  ] as const)('%s %s → 405 with Allow: %s, signed in or not', async (method, path, allow) => {
    for (const headers of [{}, { authorization: ada.bearer }]) {
      const response = await request(api.url)[method](path).set(headers).send({ title: 'x' }).expect(405);
      expect(response.headers).toMatchObject({
        allow,
        'content-type': expect.stringMatching(/^application\/problem\+json/),
      });
      expect(response.body).toMatchObject({ code: 'method_not_allowed', requestId: response.headers['x-request-id'] });
    }
  });

  it('an unknown path is 404 in every method, with the headers of any other answer', async () => {
    for (const method of ['get', 'put', 'post', 'delete', 'patch'] as const) {
      const { headers } = await request(api.url)
        [method]('/api/tasks/a/b/c')
        .set('origin', 'http://localhost:3000')
        .expect(404);
      expect(headers).toMatchObject({
        'access-control-allow-origin': 'http://localhost:3000',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
    }
  });
});

describe('a body that is none', () => {
  const create = async (): Promise<string> =>
    (await request(api.url).post('/api/tasks').set('authorization', ada.bearer).send({ title: 'x' }).expect(201)).body
      .data.id;

  it.each(['application/json', 'application/json; charset=utf-8', 'text/plain', 'application/x-www-form-urlencoded'])(
    'DELETE with Content-Type: %s → 204',
    async (type) => {
      await request(api.url)
        .delete(`/api/tasks/${await create()}`)
        .set('authorization', ada.bearer)
        .set('content-type', type)
        .expect(204);
      await request(api.url)
        .delete(`/api/tasks/${await create()}`)
        .set('authorization', ada.bearer)
        .set('content-type', type)
        .set('content-length', '0')
        .expect(204);
    },
  );

  it('GET with Content-Type: application/json → 200', async () => {
    await request(api.url)
      .get('/api/me')
      .set('authorization', ada.bearer)
      .set('content-type', 'application/json')
      .expect(200);
  });

  it('is refused where one is needed', async () => {
    for (const type of ['application/json', 'text/plain']) {
      const { body } = await request(api.url)
        .post('/api/tasks')
        .set('authorization', ada.bearer)
        .set('content-type', type)
        .expect(400);
      expect(body).toMatchObject({
        code: 'malformed_json',
        errors: [{ pointer: '', message: 'must not be empty: send a JSON object' }],
      });
    }
  });
});

describe('what comes in is bounded', () => {
  it('API_BODY_LIMIT bytes of a body are read, and not one more', async () => {
    const post = (length: number): request.Test =>
      request(api.url)
        .post('/api/tasks')
        .set('authorization', ada.bearer)
        .set('content-type', 'application/json')
        .send(`{"title":"${' '.repeat(length - 12)}"}`);
    await post(65_536).expect(400);
    await post(65_537).expect(413);
  });

  it('74,000 unknown keys, a list of 100,000, a name of half a megabyte: a short answer', async () => {
    const wide = await createTestApp({ database: api.database });
    try {
      const keys = Object.fromEntries(Array.from({ length: 74_000 }, (_, index) => [`key${index}`, 1]));
      const bodies = [
        keys,
        { title: 'x', ['n'.repeat(500_000)]: 1 },
        { operations: Array.from({ length: 100_000 }, () => ({})) },
        { title: 'x', description: Array.from({ length: 250_000 }, () => '\u0000').slice(0, 100_000) },
      ];
      for (const [index, body] of bodies.entries()) {
        const { status, text } = await request(wide.url)
          .post(index === 2 ? '/api/tasks/batch' : '/api/tasks')
          .set('authorization', ada.bearer)
          .send(body);
        expect({ status, isShort: text.length < 30_000 }).toEqual({ status: 400, isShort: true });
      }
    } finally {
      await wide.close();
    }
  });

  it('more values than a request may hold are refused before they are parsed', async () => {
    const unfinished = `[${'1,'.repeat(INPUT_LIMITS.values)}`;
    const { body } = await request(api.url)
      .post('/api/tasks')
      .set('authorization', ada.bearer)
      .set('content-type', 'application/json')
      .send(unfinished)
      .expect(400);
    expect(body).toMatchObject({
      code: 'validation_failed',
      errors: [{ pointer: '', message: `must not hold more than ${INPUT_LIMITS.values} values` }],
    });
  });

  it('é is found however it was typed, and comes back as one character', async () => {
    const { body } = await request(api.url)
      .post('/api/tasks')
      .set('authorization', ada.bearer)
      .send({ title: 'Cafe\u0301 Zürich' })
      .expect(201);
    expect(body.data.title).toBe('Café Zürich');
    for (const q of ['café', 'cafe\u0301', 'Zu\u0308rich']) {
      const found = await request(api.url).get('/api/tasks').query({ q }).set('authorization', ada.bearer).expect(200);
      expect(found.body.data).toHaveLength(1);
    }
  });
});

describe('a request that takes its time', () => {
  it('ends after 15 seconds, head and body, looked after every second', () => {
    expect(api.app.getHttpServer()).toMatchObject({ requestTimeout: 15_000, headersTimeout: 15_000 });
    expect(api.app.getHttpAdapter().getInstance().initialConfig).toMatchObject({ requestTimeout: 15_000 });
  });

  it.each([
    ['in its head', `GET /api/me HTTP/1.1\r\n${host}\r\n`],
    [
      'in its body',
      `POST /api/tasks HTTP/1.1\r\n${host}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"title"`,
    ],
    ['in its first line', 'GET'],
    ['before its first byte', ''],
  ])('%s is answered 408, and the connection ends', async (_name, beginning) => {
    const slow = await createTestApp({ database: api.database });
    const server = slow.app.getHttpServer();
    Object.assign(server, { requestTimeout: 300, headersTimeout: 300 });
    try {
      const socket = connect(Number(new URL(slow.url).port), '127.0.0.1');
      const chunks: string[] = [];
      socket.setEncoding('latin1').on('data', (chunk: string) => chunks.push(chunk));
      socket.on('error', () => undefined);
      socket.write(beginning);
      await once(socket, 'close');
      isProblem(chunks.join(''), 408, 'request_timeout');
    } finally {
      await slow.close();
    }
  });
});

it('an upload the client breaks off is named in the log, and no database is suspected', async () => {
  const before = api.logs.length;
  const { socket } = open();
  await once(socket, 'connect');
  socket.write(
    `POST /api/tasks HTTP/1.1\r\n${host}\r\n${bearer()}\r\nContent-Type: application/json\r\nContent-Length: ` +
      '1000\r\n\r\n{"title"',
  );
  // The API has begun to read it once it answers another.
  await request(api.url).get('/api/me').set('authorization', ada.bearer).expect(200);
  socket.resetAndDestroy();
  const written = (): string => api.logs.slice(before).join('\n');
  while (!written().includes('request_aborted')) await request(api.url).get('/api/health/live').expect(200);
  expect(written()).toContain('request broken off by the client');
  expect(written()).not.toMatch(/database_unavailable|dependency|"status":503|"level":[45]0/);
});

describe('CORS', () => {
  const preflight = (headers: string, method: string): request.Test =>
    request(api.url)
      .options('/api/tasks')
      .set('origin', 'http://localhost:3000')
      .set('access-control-request-method', method)
      .set('access-control-request-headers', headers);

  it('a preflight allows PUT, traces, keys, organizations, and what CORS_HEADERS names', async () => {
    const { headers, text } = await preflight('baggage,sentry-trace', 'PUT').expect(204);
    expect(text).toBe('');
    expect(headers['access-control-allow-methods']).toContain('PUT');
    const allowed = String(headers['access-control-allow-headers']).toLowerCase().split(', ');
    for (const name of [
      'authorization',
      'baggage',
      'sentry-trace',
      'tracestate',
      'traceparent',
      'x-api-key',
      'x-organization-id',
      'x-client-version',
    ])
      expect(allowed).toContain(name);
    expect(headers['access-control-max-age']).toBe('600');
  });

  it('a preflight from elsewhere allows nothing', async () => {
    const { headers } = await preflight('authorization', 'GET').set('origin', 'https://evil.example');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});
