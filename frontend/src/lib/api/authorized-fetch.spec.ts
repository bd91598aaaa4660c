import { createAuthorizedFetch } from './authorized-fetch.ts';
import { createTokenStore, SignedOutError } from './token-store.ts';

const jwt = (id: number) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({})}.${part({ iat: 0, exp: 300, id })}.sig`;
};

function setup(statuses: number[], sessions = 10) {
  let issued = 0;
  let signedOut = 0;
  const seen: { authorization: string | null; body: string }[] = [];
  const authorizedFetch = createAuthorizedFetch({
    tokens: createTokenStore(() => Promise.resolve(issued < sessions ? jwt(issued++) : null)),
    onSignedOut: () => void signedOut++,
    fetch: async (request) => {
      seen.push({ authorization: request.headers.get('authorization'), body: await request.text() });
      return new Response(null, { status: statuses.shift() ?? 200 });
    },
  });
  const call = () => authorizedFetch(new Request('http://api.test/tasks', { method: 'POST', body: '{"title":"a"}' }));
  return { call, seen, signedOut: () => signedOut };
}

describe('createAuthorizedFetch', () => {
  it('sends the token', async () => {
    const { call, seen } = setup([201]);
    expect((await call()).status).toBe(201);
    expect(seen).toEqual([{ authorization: `Bearer ${jwt(0)}`, body: '{"title":"a"}' }]);
  });

  it('renews once on 401 and repeats the request with its body', async () => {
    const { call, seen, signedOut } = setup([401, 201]);
    expect((await call()).status).toBe(201);
    expect(seen.map(({ authorization }) => authorization)).toEqual([`Bearer ${jwt(0)}`, `Bearer ${jwt(1)}`]);
    expect(seen[1]?.body).toBe('{"title":"a"}');
    expect(signedOut()).toBe(0);
  });

  it('gives up after the second 401', async () => {
    const { call, seen, signedOut } = setup([401, 401]);
    await expect(call()).rejects.toThrow(SignedOutError);
    expect(seen).toHaveLength(2);
    expect(signedOut()).toBe(1);
  });

  it('gives up at once when there is no session to renew from', async () => {
    const { call, seen, signedOut } = setup([401], 1);
    await expect(call()).rejects.toThrow(SignedOutError);
    expect(seen).toHaveLength(1);
    expect(signedOut()).toBe(1);
  });

  it.each([403, 404, 409, 412, 429, 500, 503])('hands on %d: that is not a signed-out person', async (status) => {
    const { call, seen, signedOut } = setup([status]);
    expect((await call()).status).toBe(status);
    expect(seen).toHaveLength(1);
    expect(signedOut()).toBe(0);
  });
});
