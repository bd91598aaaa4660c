import { connect } from 'node:net';
import { once } from 'node:events';
import request from 'supertest';
import { createTestApp, type TestApp, type TestUser } from './app.ts';

/**
 * The API's rules for input, headers, origins and errors, over HTTP. Isolation, rate limits, ETags and keys have other
 * suites.
 */
const CANARY = 'canary-2f6c9d';
const WEB = 'http://localhost:3000';
let api: TestApp;
let ada: TestUser;

beforeAll(async () => {
  api = await createTestApp();
  ada = await api.signUp('Ada');
});
afterAll(() => api.close());

const create = async (values: object = { title: 'A task' }) =>
  (await request(api.url).post('/api/tasks').set('authorization', ada.bearer).send(values).expect(201)).body.data;
const isProblem = (response: request.Response): void => {
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(response.body).toMatchObject({
    status: response.status,
    code: expect.any(String),
    detail: expect.any(String),
    requestId: response.headers['x-request-id'],
  });
  expect(response.text).not.toMatch(/\bat .*\.(ts|js)|node_modules|select |insert |SQLSTATE|QueryFailed/i);
};

/** Sends bytes as they are and returns what comes back. */
async function raw(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  const chunks: string[] = [];
  socket.setEncoding('latin1').on('data', (chunk: string) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.write(bytes, 'latin1');
  await once(socket, 'close');
  return chunks.join('');
}

describe('what belongs to the server is not the client’s to set', () => {
  it.each(['userId', 'user_id', 'id', 'createdAt', 'updatedAt', 'version', 'titleKey'])(
    'PATCH with %s → 400, row unchanged',
    async (property) => {
      const task = await create();
      const response = await request(api.url)
        .patch(`/api/tasks/${task.id}`)
        .set('authorization', ada.bearer)
        .send({ title: 'Changed', [property]: 1 })
        .expect(400);
      expect(response.body.errors).toEqual([{ pointer: `/${property}`, message: 'is not an allowed property' }]);
      await request(api.url).get(`/api/tasks/${task.id}`).set('authorization', ada.bearer).expect(200, { data: task });
    },
  );
});

it('response keys are exactly the schema', async () => {
  const task = await create();
  expect(Object.keys(task)).toEqual([
    'id',
    'title',
    'description',
    'status',
    'priority',
    'dueOn',
    'dueAt',
    'createdAt',
    'updatedAt',
    'version',
  ]);
  const me = await request(api.url).get('/api/me').set('authorization', ada.bearer).expect(200);
  expect(Object.keys(me.body.data.user)).toEqual(['id', 'name', 'email', 'emailVerified', 'image', 'role']);
  expect(Object.keys(me.body.data.session)).toEqual(['id', 'createdAt', 'expiresAt', 'impersonatedBy']);
});

describe('input that is not valid', () => {
  it('an id that is no UUID → 404 in every method', async () => {
    for (const method of ['get', 'patch', 'delete'] as const) {
      isProblem(
        await request(api.url)
          [method]('/api/tasks/not-a-uuid')
          .set('authorization', ada.bearer)
          .send(method === 'patch' ? { title: 'x' } : undefined)
          .expect(404),
      );
    }
  });

  it.each([
    '{"title":"x","__proto__":{"admin":true}}',
    '{"title":"x","constructor":{"prototype":{"admin":true}}}',
    '{"title":"x","constructor":1}',
    '{"title":"x","prototype":{}}',
  ])('the body %s → 400', async (body) => {
    isProblem(
      await request(api.url)
        .post('/api/tasks')
        .set('authorization', ada.bearer)
        .set('content-type', 'application/json')
        .send(body)
        .expect(400),
    );
    expect(Object.prototype).not.toHaveProperty('admin');
  });

  it.each(['limit=1e9', 'limit=-1', 'limit=abc', 'limit=1&limit=2', 'limit[]=1', 'cursor=forged', 'cursor=a&cursor=b'])(
    'the query %s → 400',
    async (query) => {
      isProblem(await request(api.url).get(`/api/tasks?${query}`).set('authorization', ada.bearer).expect(400));
    },
  );

  it('nesting of ten thousand levels → 400', async () => {
    const body = `{"title":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    isProblem(
      await request(api.url)
        .post('/api/tasks')
        .set('authorization', ada.bearer)
        .set('content-type', 'application/json')
        .send(body)
        .expect(400),
    );
  });
});

describe('sizes and types', () => {
  it('a body over 1 MiB → 413', async () => {
    isProblem(
      await request(api.url)
        .post('/api/tasks')
        .set('authorization', ada.bearer)
        .send({ title: 'x', description: 'y'.repeat(1_048_576) })
        .expect(413),
    );
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'a body as %s → 415',
    async (type) => {
      isProblem(
        await request(api.url)
          .post('/api/tasks')
          .set('authorization', ada.bearer)
          .set('content-type', type)
          .send('title=x')
          .expect(415),
      );
    },
  );

  it('headers over 16 KiB → 431 problem+json', async () => {
    const text = await raw(`GET /api/me HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 431 /);
    expect(text).toContain('application/problem+json');
    expect(text).toContain('"code":"headers_too_large"');
  });

  it('not HTTP at all → 400 problem+json', async () => {
    const text = await raw('NONSENSE\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toContain('"code":"bad_request"');
  });

  it('a body that is no JSON, or none at all → 400 malformed_json', async () => {
    for (const body of ['{', '{"title":', 'null x', '']) {
      const response = await request(api.url)
        .post('/api/tasks')
        .set('authorization', ada.bearer)
        .set('content-type', 'application/json')
        .send(body)
        .expect(400);
      isProblem(response);
      expect(response.body.code).toBe('malformed_json');
    }
  });
});

describe('other spellings of a guarded route never skip the guard', () => {
  it.each(['/api/me', '/api/tasks', '/api/tasks/0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77', '/api/tasks/events'])(
    'HEAD %s without a session → 401',
    async (path) => {
      await request(api.url).head(path).expect(401);
    },
  );

  it.each([
    '/api/me/',
    '/API/ME',
    '/api//me',
    '//api/me',
    '/api/me;x=1',
    '/api/%6De',
    '/api/./me',
    '/api/x/../me',
    '/api/me%2F',
    '/api/me%00',
    'http://localhost/api/me',
    '*',
    '/api/tasks/',
  ])('GET %s without a session → 4xx, and never data', async (target) => {
    const text = await raw(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 (400|401|404) /);
    expect(text).toContain('application/problem+json');
  });

  it.each(['PUT', 'TRACE', 'PROPFIND', 'QUERY'])('%s /api/tasks → 4xx problem+json', async (method) => {
    const text = await raw(
      `${method} /api/tasks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 (404|405|400) /);
    expect(text).toContain('application/problem+json');
  });
});

describe('the cookie and unsafe methods need a trusted Origin', () => {
  it.each([
    ['no Origin', {}],
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['Origin null', { origin: 'null' }],
    ['a look-alike', { origin: 'http://localhost:3000.evil.example' }],
    ['no Origin, from another site', { 'sec-fetch-site': 'cross-site' }],
  ])('%s → 403 origin_not_trusted', async (_name, headers) => {
    const response = await request(api.url)
      .post('/api/tasks')
      .set('cookie', ada.cookie)
      .set(headers)
      .send({ title: 'Forged' })
      .expect(403);
    isProblem(response);
    expect(response.body.code).toBe('origin_not_trusted');
  });

  it('the web’s Origin → 201; a Bearer needs none', async () => {
    await request(api.url)
      .post('/api/tasks')
      .set('cookie', ada.cookie)
      .set('origin', WEB)
      .send({ title: 'Mine' })
      .expect(201);
    await request(api.url)
      .post('/api/tasks')
      .set('authorization', ada.bearer)
      .set('origin', 'https://evil.example')
      .send({ title: 'Mine' })
      .expect(201);
  });
});

describe('CORS', () => {
  const preflight = (origin: string): request.Test =>
    request(api.url)
      .options('/api/tasks')
      .set('origin', origin)
      .set('access-control-request-method', 'PATCH')
      .set('access-control-request-headers', 'authorization,if-match,idempotency-key');

  it('a preflight from the web → allowed with the headers used', async () => {
    const { headers } = await preflight(WEB).expect(204);
    expect(headers['access-control-allow-origin']).toBe(WEB);
    expect(headers['access-control-allow-credentials']).toBe('true');
    expect(headers['access-control-allow-methods']).toContain('PATCH');
    for (const name of ['Authorization', 'If-Match', 'Idempotency-Key'])
      expect(headers['access-control-allow-headers']).toContain(name);
  });

  it.each([
    'null',
    'https://evil.example',
    'http://localhost:3000.evil.example',
    'http://localhost:30000',
    'https://localhost:3000',
    'HTTP://LOCALHOST:3000',
  ])('from %s → no permission', async (origin) => {
    const { headers } = await preflight(origin);
    expect(headers['access-control-allow-origin']).toBeUndefined();
    const answer = await request(api.url)
      .get('/api/me')
      .set('authorization', ada.bearer)
      .set('origin', origin)
      .expect(200);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('responses and errors alike expose ETag and Retry-After to the web', async () => {
    for (const path of ['/api/me', '/api/nowhere']) {
      const { headers } = await request(api.url).get(path).set('origin', WEB).set('authorization', ada.bearer);
      expect(headers['access-control-allow-origin']).toBe(WEB);
      for (const name of ['ETag', 'Retry-After']) expect(headers['access-control-expose-headers']).toContain(name);
    }
  });
});

it('authenticated responses, and errors → no-store and Vary', async () => {
  const { id } = await create();
  for (const path of ['/api/me', '/api/tasks', `/api/tasks/${id}`, '/api/tasks/not-a-uuid', '/api/nowhere']) {
    const { headers } = await request(api.url).get(path).set('authorization', ada.bearer);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['vary']).toContain('Authorization, Cookie');
  }
  const { headers } = await request(api.url).get('/api/me').expect(401);
  expect(headers['cache-control']).toBe('no-store');
});

describe('every error is a problem', () => {
  it('an unknown route, a malformed URL and a broken escape → problem+json', async () => {
    isProblem(await request(api.url).get('/nowhere').expect(404));
    isProblem(await request(api.url).get('/api/tasks/%E0%A4%A').set('authorization', ada.bearer).expect(400));
    isProblem(await request(api.url).delete('/api/me').set('authorization', ada.bearer).expect(405));
  });

  it('a given X-Request-Id comes back; a strange one is replaced', async () => {
    await request(api.url).get('/api/me').set('x-request-id', 'my-id:1').expect('x-request-id', 'my-id:1');
    const { headers } = await request(api.url).get('/api/me').set('x-request-id', 'a b<script>').expect(401);
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('helmet’s headers are on every response', async () => {
    const { headers } = await request(api.url).get('/api/health/live').expect(200);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    });
    expect(headers['x-powered-by']).toBeUndefined();
  });
});

it('credentials sent in any place never reach the log or an answer', async () => {
  const before = api.logs.length;
  const answers = [
    await request(api.url).get('/api/me').set('authorization', `Bearer ${CANARY}`),
    await request(api.url).get('/api/me').set('cookie', `better-auth.session_token=${CANARY}.x; other=${CANARY}`),
    await request(api.url).get(`/api/me?access_token=${CANARY}`),
    await request(api.url).post('/api/tasks').set('authorization', `Bearer ${CANARY}`).send({ password: CANARY }),
    await request(api.url).post('/api/tasks').set('authorization', ada.bearer).send({ title: 'x', token: CANARY }),
    await request(api.url).get(`/api/tasks?cursor=${CANARY}`).set('authorization', ada.bearer),
    await request(api.url).get('/api/me').set('authorization', ada.bearer).set('cookie', ada.cookie),
  ];
  const written = api.logs.slice(before).join('\n');
  expect(written).toContain('/api/me');
  for (const secret of [
    CANARY,
    ada.token,
    ada.signedToken,
    ada.jwt,
    decodeURIComponent(ada.cookie.split('=')[1] ?? ''),
  ]) {
    expect(written).not.toContain(secret);
    for (const { text, headers } of answers) expect(text + JSON.stringify(headers)).not.toContain(secret);
  }
});

it('a request is logged with its id, its user and how it ended', async () => {
  const before = api.logs.length;
  await request(api.url)
    .get('/api/me?secret=1')
    .set('authorization', ada.bearer)
    .set('x-request-id', 'find-me')
    .expect(200);
  const line = api.logs
    .slice(before)
    .map((text) => JSON.parse(text))
    .find(({ reqId, msg }) => reqId === 'find-me' && msg === 'request');
  expect(line).toMatchObject({ userId: ada.id, method: 'GET', path: '/api/me', status: 200, ms: expect.any(Number) });
});
