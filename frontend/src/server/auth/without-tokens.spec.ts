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

  it('lets the short-lived JWT through', async () => {
    const response = await hideTokens(new Request(`${url}/token`, browser), new Response('{"token":"jwt"}', { headers: { 'content-type': 'application/json' } }));
    expect(await response.json()).toEqual({ token: 'jwt' });
  });

  it('copes with redirects and empty bodies', async () => {
    const redirect = await hideTokens(new Request(`${url}/verify-email`, browser), new Response(null, { status: 302, headers: { location: '/' } }));
    expect(redirect.status).toBe(302);
    const empty = await hideTokens(new Request(`${url}/x`, browser), new Response('', { headers: { 'content-type': 'application/json' } }));
    expect(await empty.text()).toBe('');
  });
});

describe('withoutTokens', () => {
  it.each([null, 1, 'token', [], {}])('leaves %p alone', (value) => expect(withoutTokens(value)).toEqual(value));
});
