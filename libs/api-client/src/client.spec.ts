import { ApiProblem } from './api-problem.ts';
import { createApiClient, unwrap } from './client.ts';
import { parseEventStream } from './event-stream.ts';
import { taskEvents, type TaskEvent } from './task-events.ts';
import { fixedToken, type TokenSource } from './token-source.ts';

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json', ...headers },
  });
const UNAUTHENTICATED = {
  type: 'urn:problem:unauthenticated',
  title: 'Unauthorized',
  status: 401,
  detail: 'Sign in.',
  code: 'unauthenticated',
  requestId: 'r1',
};
const TASK = {
  id: '0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77',
  title: 'x',
  description: null,
  status: 'todo',
  priority: 'low',
  dueAt: null,
  createdAt: '',
  updatedAt: '',
  version: 1,
};

/** A server in one function, which remembers what it was asked. */
function fakeApi(answer: (request: Request) => Response | Promise<Response>) {
  const asked: Request[] = [];
  const fetch = (request: Request): Promise<Response> => {
    asked.push(request.clone());
    return Promise.resolve(answer(request));
  };
  return { asked, fetch };
}

const bearerOf = (request: Request | undefined): string | null | undefined => request?.headers.get('authorization');

describe('createApiClient', () => {
  it('sends the token and the query, and gives the typed body', async () => {
    const { asked, fetch } = fakeApi(() => json(200, { data: [TASK], page: { nextCursor: null, limit: 20 } }));
    const api = createApiClient({ baseUrl: 'http://api.test/', token: fixedToken('t1'), fetch });
    const { data } = await unwrap(api.GET('/api/tasks', { params: { query: { status: 'todo', limit: 5 } } }));
    expect(data[0]?.title).toBe('x');
    expect(asked[0]?.url).toBe('http://api.test/api/tasks?status=todo&limit=5');
    expect(bearerOf(asked[0])).toBe('Bearer t1');
  });

  it('204 → undefined', async () => {
    const { fetch } = fakeApi(() => json(204, null));
    const api = createApiClient({ baseUrl: 'http://api.test', fetch });
    expect(await unwrap(api.DELETE('/api/tasks/{id}', { params: { path: { id: TASK.id } } }))).toBeUndefined();
  });

  it('401 → one renewal, the body is sent again', async () => {
    let token = 'old';
    const source: TokenSource = { get: () => token, renew: jest.fn(() => Promise.resolve((token = 'new'))) };
    const { asked, fetch } = fakeApi((request) =>
      bearerOf(request) === 'Bearer new' ? json(201, { data: TASK }) : json(401, UNAUTHENTICATED),
    );
    const api = createApiClient({ baseUrl: 'http://api.test', token: source, fetch });
    await unwrap(api.POST('/api/tasks', { body: { title: 'x' } }));
    expect(asked.map(bearerOf)).toEqual(['Bearer old', 'Bearer new']);
    expect(await Promise.all(asked.map((request) => request.json()))).toEqual([{ title: 'x' }, { title: 'x' }]);
    expect(source.renew).toHaveBeenCalledTimes(1);
  });

  it('requests refused together share one renewal', async () => {
    let token = 'old';
    const source: TokenSource = { get: () => token, renew: jest.fn(async () => (token = 'new')) };
    const { fetch } = fakeApi((request) =>
      bearerOf(request) === 'Bearer new' ? json(200, { data: TASK }) : json(401, UNAUTHENTICATED),
    );
    const api = createApiClient({ baseUrl: 'http://api.test', token: source, fetch });
    await Promise.all(
      Array.from({ length: 10 }, () => unwrap(api.GET('/api/tasks/{id}', { params: { path: { id: TASK.id } } }))),
    );
    expect(source.renew).toHaveBeenCalledTimes(1);
  });

  it('401 after the renewal, or without a token to have → ApiProblem, no third try', async () => {
    const renewed = fakeApi(() => json(401, UNAUTHENTICATED));
    const api = createApiClient({
      baseUrl: 'http://api.test',
      token: { get: () => 'old', renew: () => 'new' },
      fetch: renewed.fetch,
    });
    await expect(unwrap(api.GET('/api/me'))).rejects.toMatchObject({
      name: 'ApiProblem',
      status: 401,
      code: 'unauthenticated',
      requestId: 'r1',
    });
    expect(renewed.asked).toHaveLength(2);
    const without = fakeApi(() => json(401, UNAUTHENTICATED));
    const other = createApiClient({ baseUrl: 'http://api.test', token: fixedToken('old'), fetch: without.fetch });
    await expect(unwrap(other.GET('/api/me'))).rejects.toBeInstanceOf(ApiProblem);
    expect(without.asked).toHaveLength(1);
  });

  it('a validation problem → each field’s message, and Retry-After as a number', async () => {
    const problem = {
      ...UNAUTHENTICATED,
      status: 400,
      code: 'validation_failed',
      errors: [{ pointer: '/title', message: 'must be a string' }],
    };
    const { fetch } = fakeApi(() => json(400, problem, { 'retry-after': '3' }));
    const api = createApiClient({ baseUrl: 'http://api.test', fetch });
    const thrown: unknown = await unwrap(api.POST('/api/tasks', { body: { title: '' } })).catch(
      (error: unknown) => error,
    );
    expect(thrown).toBeInstanceOf(ApiProblem);
    if (!(thrown instanceof ApiProblem)) return;
    expect(thrown.messageOf('/title')).toBe('must be a string');
    expect(thrown.messageOf('/status')).toBeUndefined();
    expect(thrown.retryAfter).toBe(3);
  });

  it('an error that is not the API’s, such as a proxy’s page → ApiProblem of code unknown', async () => {
    const { fetch } = fakeApi(() => new Response('<html>', { status: 502, headers: { 'content-type': 'text/html' } }));
    const api = createApiClient({ baseUrl: 'http://api.test', fetch });
    await expect(unwrap(api.GET('/api/me'))).rejects.toMatchObject({ status: 502, code: 'unknown' });
  });

  it('a signal aborts the call', async () => {
    const fetch = async ({ signal }: Request): Promise<Response> => {
      signal.throwIfAborted();
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    const api = createApiClient({ baseUrl: 'http://api.test', token: fixedToken('t'), fetch });
    const abort = new AbortController();
    const asked = unwrap(api.GET('/api/me', { signal: abort.signal }));
    abort.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('parseEventStream', () => {
  it('events split anywhere, comments, several data lines and CRLF', async () => {
    const text = ': hello\n\nevent: a\r\nid: 1\r\ndata: {"x":\r\ndata: 1}\r\n\r\nretry: 10\ndata: ä\n\ndata: cut off';
    const bytes = new TextEncoder().encode(text);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const events = [];
    for await (const event of parseEventStream(body)) events.push(event);
    expect(events).toEqual([
      { type: 'a', id: '1', data: '{"x":\n1}', retry: undefined },
      { type: 'message', id: undefined, data: 'ä', retry: 10 },
    ]);
  });
});

describe('taskEvents', () => {
  const stream = (text: string): Response =>
    new Response(text, { status: 200, headers: { 'content-type': 'text/event-stream' } });

  it('continues after a cut with the last id, and ends with the session', async () => {
    const answers = [
      stream(
        'event: ready\nid: e1\nretry: 1\ndata: {}\n\nevent: task.created\nid: e2\nretry: 1\ndata: ' +
          '{"id":"t1","version":1}\n\n',
      ),
      stream(
        'event: reset\nid: e3\nretry: 1\ndata: {}\n\nevent: later.kind\nid: e4\ndata: 1\n\nevent: ' +
          'session.ended\nid: e4\ndata: {"reason":"revoked"}\n\n',
      ),
    ];
    const { asked, fetch } = fakeApi(() => answers.shift() ?? json(500, null));
    const seen: TaskEvent[] = [];
    for await (const event of taskEvents({ baseUrl: 'http://api.test', token: fixedToken('t'), fetch }))
      seen.push(event);
    expect(seen).toEqual([
      { type: 'ready' },
      { type: 'task.created', id: 't1', version: 1 },
      { type: 'reset' },
      { type: 'session.ended', reason: 'revoked' },
    ]);
    expect(asked.map((request) => request.headers.get('last-event-id'))).toEqual([null, 'e2']);
  });

  it('401 → throws; an aborted signal → ends', async () => {
    const refused = fakeApi(() => json(401, UNAUTHENTICATED));
    await expect(taskEvents({ baseUrl: 'http://api.test', fetch: refused.fetch }).next()).rejects.toMatchObject({
      status: 401,
    });
    const abort = new AbortController();
    const { fetch } = fakeApi(() => stream('event: ready\nid: e1\ndata: {}\n\n'));
    const events = taskEvents({ baseUrl: 'http://api.test', fetch, signal: abort.signal });
    expect((await events.next()).value).toEqual({ type: 'ready' });
    abort.abort();
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });
});
