import { BODY_LIMIT_BYTES, failure, readRequest } from './read-request.ts';

const URL = 'http://localhost:3000/api/auth/x';
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const post = (body: RequestInit['body'], headers: Record<string, string> = JSON_TYPE) =>
  readRequest(new Request(URL, { method: 'POST', body: body ?? null, headers }));

async function statusOf(answer: Promise<Request | Response>): Promise<number | 'read'> {
  const found = await answer;
  return found instanceof Response ? found.status : 'read';
}

it('a failure is not stored anywhere, and names its cause', async () => {
  const answer = failure(418, 'TEAPOT', 'No coffee.', { 'x-y': 'z' });
  expect([answer.status, answer.headers.get('cache-control'), answer.headers.get('x-y'), await answer.json()]).toEqual([
    418,
    'no-store',
    'z',
    { code: 'TEAPOT', message: 'No coffee.' },
  ]);
});

describe('readRequest', () => {
  it('hands on a request with its method, headers and body', async () => {
    const request = (await post('{"a":1}', { ...JSON_TYPE, 'x-y': 'z' })) as Request;
    expect([request.url, request.method, request.headers.get('x-y'), await request.json()]).toEqual([
      URL,
      'POST',
      'z',
      { a: 1 },
    ]);
  });

  it('hands on one without a body as it is', async () => {
    const request = new Request(URL, { headers: JSON_TYPE });
    expect(await readRequest(request)).toBe(request);
    const empty = (await post('')) as Request;
    expect(await empty.text()).toBe('');
  });

  it('refuses a body that says it is too long before it is read', async () => {
    const request = new Request(URL, {
      method: 'POST',
      body: '{}',
      headers: { ...JSON_TYPE, 'content-length': String(BODY_LIMIT_BYTES + 1) },
    });
    const answer = (await readRequest(request)) as Response;
    expect([answer.status, answer.headers.get('connection'), request.bodyUsed]).toEqual([413, 'close', false]);
    expect(await answer.json()).toMatchObject({ code: 'BODY_TOO_LARGE' });
  });

  it('refuses one that turns out to be too long, and reads no further', async () => {
    const text = (length: number) => `"${'a'.repeat(length)}"`;
    expect(await statusOf(post(text(BODY_LIMIT_BYTES - 2), { 'content-type': 'text/plain' }))).toBe('read');
    expect(await statusOf(post(text(BODY_LIMIT_BYTES - 1), { 'content-type': 'text/plain' }))).toBe(413);
  });

  it.each(['{', '[]', '[{}]', 'null', '1', '"a"', '{"a":1}x'])(
    'refuses %s where JSON is announced: an object is wanted',
    async (body) => {
      const answer = (await post(body)) as Response;
      expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'INVALID_JSON' }]);
    },
  );

  it('refuses JSON that is not UTF-8', async () => {
    expect(await statusOf(post(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])))).toBe(400);
  });

  it('leaves a form alone', async () => {
    expect(await statusOf(post('a=1', { 'content-type': 'application/x-www-form-urlencoded' }))).toBe('read');
  });

  it('takes a body that was broken off for none: nobody reads the answer', async () => {
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) });
    const request = new Request(URL, { method: 'POST', body: broken, duplex: 'half' } as RequestInit);
    expect(await statusOf(readRequest(request))).toBe('read');
  });
});
