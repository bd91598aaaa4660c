import { createApiClient, unwrap, ApiProblem } from '@session-guard/api-client';
import { pageToken } from './page-token.ts';
import { createTokenStore } from './token-store.ts';

const jwt = (id: number) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({})}.${part({ iat: 0, exp: 300, id })}.sig`;
};

/** A page whose API answers with these statuses in turn, and whose session gives so many tokens. */
function setup(statuses: number[], sessions = 10) {
  let issued = 0;
  let signedOut = 0;
  const seen: { authorization: string | null; body: string }[] = [];
  const client = createApiClient({
    baseUrl: 'http://api.test',
    token: pageToken(
      createTokenStore(() => Promise.resolve(issued < sessions ? jwt(issued++) : null)),
      () => void signedOut++,
    ),
    fetch: async (request) => {
      seen.push({ authorization: request.headers.get('authorization'), body: await request.text() });
      const status = statuses.shift() ?? 200;
      const body = { type: 'about:blank', title: '', status, detail: '', code: 'x', requestId: '' };
      return Response.json(body, { status });
    },
  });
  const call = () => unwrap(client.POST('/api/tasks', { body: { title: 'a' } }));
  return { call, seen, signedOut: () => signedOut };
}

describe('the page’s token and the API client', () => {
  it('sends the token', async () => {
    const { call, seen } = setup([201]);
    await call();
    expect(seen).toEqual([{ authorization: `Bearer ${jwt(0)}`, body: '{"title":"a"}' }]);
  });

  it('renews once on 401 and repeats the request with its body', async () => {
    const { call, seen, signedOut } = setup([401, 201]);
    await call();
    expect(seen.map(({ authorization }) => authorization)).toEqual([`Bearer ${jwt(0)}`, `Bearer ${jwt(1)}`]);
    expect(seen[1]?.body).toBe('{"title":"a"}');
    expect(signedOut()).toBe(0);
  });

  it('gives up after the second 401', async () => {
    const { call, seen } = setup([401, 401]);
    await expect(call()).rejects.toMatchObject({ status: 401 });
    expect(seen).toHaveLength(2);
  });

  it('is signed out at once when there is no session to renew from', async () => {
    const { call, seen, signedOut } = setup([401], 1);
    await expect(call()).rejects.toBeInstanceOf(ApiProblem);
    expect(seen).toHaveLength(1);
    expect(signedOut()).toBe(1);
  });

  it.each([403, 404, 409, 412, 429, 500, 503])('hands on %d: that is not a signed-out person', async (status) => {
    const { call, seen, signedOut } = setup([status]);
    await expect(call()).rejects.toMatchObject({ status });
    expect(seen).toHaveLength(1);
    expect(signedOut()).toBe(0);
  });

  it('is signed out by no failure of the network: whether there is a session isn’t known then', async () => {
    let signedOut = 0;
    const lost = new Error('No answer.');
    const token = pageToken(
      createTokenStore(() => Promise.reject(lost)),
      () => void signedOut++,
    );
    await expect(token.get()).rejects.toBe(lost);
    await expect(token.renew?.()).rejects.toBe(lost);
    expect(signedOut).toBe(0);
  });
});
