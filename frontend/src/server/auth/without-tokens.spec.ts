import { hideTokens, withoutTokens } from './without-tokens.ts';

const url = 'http://localhost:3000/api/auth';
const answer = () =>
  new Response(JSON.stringify({ token: 'secret', user: { id: '1' }, sessions: [{ id: '2', token: 'secret' }] }), {
    status: 200,
    headers: { 'content-type': 'application/json', 'set-auth-token': 'secret.sig', 'set-cookie': 'a=b; HttpOnly' },
  });
const browser = { headers: { 'sec-fetch-site': 'same-origin' } };

describe('hideTokens', () => {
  it('gives a browser the answer without tokens, cookies included as ever', async () => {
    const response = await hideTokens(new Request(`${url}/sign-in/email`, browser), answer());
    expect(await response.json()).toEqual({ user: { id: '1' }, sessions: [{ id: '2' }] });
    expect(response.headers.get('set-auth-token')).toBeNull();
    expect(response.headers.get('set-cookie')).toBe('a=b; HttpOnly');
  });

  it('gives other clients everything', async () => {
    const response = await hideTokens(new Request(`${url}/sign-in/email`), answer());
    expect(await response.json()).toMatchObject({ token: 'secret' });
    expect(response.headers.get('set-auth-token')).toBe('secret.sig');
  });

  it.each([
    'list-sessions',
    'admin/list-user-sessions',
    'update-session',
    'sign-in/email/x',
    'sign-up/email-otp',
    'x-get-session',
  ])('gives nobody the tokens of %s', async (path) => {
    const response = await hideTokens(new Request(`${url}/${path}`), answer());
    expect(await response.json()).toEqual({ user: { id: '1' }, sessions: [{ id: '2' }] });
    expect(response.headers.get('set-auth-token')).toBe('secret.sig');
  });

  it.each(['sign-in/social', 'sign-up/email', 'two-factor/verify-totp', 'change-password', 'get-session'])(
    'gives who has no cookie jar the token of their own session at %s',
    async (path) => {
      expect(await (await hideTokens(new Request(`${url}/${path}`), answer())).json()).toMatchObject({
        token: 'secret',
      });
    },
  );

  it('leaves what is not JSON alone, and keeps the status', async () => {
    const page = await hideTokens(
      new Request(`${url}/error`, browser),
      new Response('{"token":"x"}', { status: 418, statusText: 'Teapot', headers: { 'content-type': 'text/html' } }),
    );
    expect([page.status, page.statusText, await page.text()]).toEqual([418, 'Teapot', '{"token":"x"}']);
  });

  it('keeps the status of what it changed, and says no length that isn’t true any more', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': '99' };
    const response = await hideTokens(
      new Request(`${url}/x`, browser),
      new Response('{"token":"x"}', { status: 201, statusText: 'Made', headers }),
    );
    expect([response.status, response.statusText, response.headers.get('content-length')]).toEqual([201, 'Made', null]);
  });

  it.each(['jwks', 'open-api/generate-schema'])('lets %s through, which no token is in', async (path) => {
    const response = await hideTokens(new Request(`${url}/${path}`, browser), answer());
    expect(await response.json()).toMatchObject({ token: 'secret' });
  });

  it('lets the short-lived JWT through', async () => {
    const response = await hideTokens(
      new Request(`${url}/token`, browser),
      new Response('{"token":"jwt"}', { headers: { 'content-type': 'application/json' } }),
    );
    expect(await response.json()).toEqual({ token: 'jwt' });
  });

  it('copes with redirects and empty bodies', async () => {
    const redirect = await hideTokens(
      new Request(`${url}/verify-email`, browser),
      new Response(null, { status: 302, headers: { location: '/' } }),
    );
    expect(redirect.status).toBe(302);
    const empty = await hideTokens(
      new Request(`${url}/x`, browser),
      new Response('', { headers: { 'content-type': 'application/json' } }),
    );
    expect(await empty.text()).toBe('');
  });
});

describe('withoutTokens', () => {
  it('takes them out of every level, whichever of the two names they have', () => {
    expect(withoutTokens([{ a: { token: 1, sessionToken: 2, tokens: 3 } }])).toEqual([{ a: { tokens: 3 } }]);
  });

  it.each([null, 1, 'token', [], {}])('leaves %p alone', (value) => expect(withoutTokens(value)).toEqual(value));
});
