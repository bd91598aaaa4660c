import { startWebAuth, type Answer, type WebAuth } from './web-auth.ts';

let auth: WebAuth;
beforeAll(async () => {
  auth = await startWebAuth();
});
afterAll(() => auth.close());

const cookiesOf = ({ headers }: Answer): string =>
  headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
const removals = ({ headers }: Answer): string[] =>
  headers.getSetCookie().filter((line) => /^[^=]+=;/.test(line) && line.includes('session'));

it('a question of a session that is over leaves the cookie: the browser may have a newer one by now', async () => {
  const { email, password } = await auth.signUp();
  const cookie = cookiesOf(await auth.ask('/sign-in/email', { body: { email, password } }));
  const changed = await auth.ask('/change-password', {
    body: { currentPassword: password, newPassword: 'another good password', revokeOtherSessions: true },
    headers: { cookie },
  });
  expect(changed.status).toBe(200);
  // With the cookie from before, as it was on its way while the password was changed.
  for (const [path, status] of [
    ['/token', 401],
    ['/get-session', 200],
  ] as const) {
    const answer = await auth.ask(path, { headers: { cookie } });
    expect([path, answer.status, removals(answer)]).toEqual([path, status, []]);
  }
  const next = await auth.ask('/token', { headers: { cookie: cookiesOf(changed) } });
  expect(next.status).toBe(200);
});

it('a sign-out takes the cookie away', async () => {
  const { email, password } = await auth.signUp();
  const cookie = cookiesOf(await auth.ask('/sign-in/email', { body: { email, password } }));
  const answer = await auth.ask('/sign-out', { body: {}, headers: { cookie } });
  expect(removals(answer)).not.toEqual([]);
});
