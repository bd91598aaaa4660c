import { startWebAuth, type Person, type WebAuth } from './web-auth.ts';

let auth: WebAuth;
beforeAll(async () => {
  auth = await startWebAuth();
});
afterAll(() => auth.close());

const tokens = async (): Promise<{ id: string; token: string; userId: string }[]> =>
  (await auth.pool.query<{ id: string; token: string; userId: string }>('select id, token, "userId" from session'))
    .rows;
async function signInAgain({ email, password }: Person): Promise<string> {
  const { body } = await auth.ask('/sign-in/email', {
    body: { email, password },
    address: `198.51.100.${(auth.mails.length % 200) + 1}`,
  });
  return String(body?.['token']);
}
const asAdmin = async (): Promise<Person> => {
  const person = await auth.signUp();
  await auth.pool.query(`update "user" set role = 'admin' where id = $1`, [person.id]);
  return person;
};

it('an administrator sees the sessions of others without their tokens, by bearer token and by cookie', async () => {
  const [admin, person] = [await asAdmin(), await auth.signUp()];
  const signIn = await auth.ask('/sign-in/email', { body: { email: admin.email, password: admin.password } });
  const cookie = signIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  for (const credential of [{ token: admin.token }, { headers: { cookie } }]) {
    const { status, text, body } = await auth.ask('/admin/list-user-sessions', {
      body: { userId: person.id },
      ...credential,
    });
    expect(status).toBe(200);
    expect(body?.['sessions']).toMatchObject([{ userId: person.id }]);
    for (const { token } of await tokens()) expect(text).not.toContain(token);
  }
});

it('nobody is given the tokens of their other sessions', async () => {
  const person = await auth.signUp();
  await signInAgain(person);
  const { status, text } = await auth.ask('/list-sessions', { token: person.token });
  expect(status).toBe(200);
  expect(JSON.parse(text)).toHaveLength(2);
  for (const { token } of await tokens()) expect(text).not.toContain(token);
});

it('sign-up, sign-in and get-session give the token of their own session alone', async () => {
  const person = await auth.signUp();
  const again = await signInAgain(person);
  expect(new Set([person.token, again]).size).toBe(2);
  const { text, body } = await auth.ask('/get-session', { token: again });
  expect(body).toMatchObject({ session: { token: again } });
  expect(text).not.toContain(person.token);
});

it('no other route answers with a token', async () => {
  const [admin, person] = [await asAdmin(), await auth.signUp()];
  const asked = [
    ['/admin/list-users?limit=100', { token: admin.token }],
    ['/admin/get-user?id=' + person.id, { token: admin.token }],
    ['/admin/impersonate-user', { body: { userId: person.id }, token: admin.token }],
    ['/update-session', { body: { userAgent: 'x' }, token: person.token }],
    ['/update-user', { body: { name: 'Grace' }, token: person.token }],
    ['/list-accounts', { token: person.token }],
    ['/get-access-token', { body: { providerId: 'github' }, token: person.token }],
    ['/refresh-token', { body: { providerId: 'github' }, token: person.token }],
  ] as const;
  for (const [path, options] of asked) {
    const { text } = await auth.ask(path, options);
    for (const { token } of await tokens()) expect(text).not.toContain(token);
  }
});

describe('a session is ended by its id', () => {
  const idOf = async (token: string): Promise<string> => (await tokens()).find((row) => row.token === token)?.id ?? '';

  it('by the person it belongs to, and by nobody else', async () => {
    const [person, stranger] = [await auth.signUp(), await auth.signUp()];
    const other = await signInAgain(person);
    const id = await idOf(other);
    expect((await auth.ask('/revoke-session', { body: { id }, token: stranger.token })).status).toBe(200);
    expect((await auth.ask('/revoke-session', { body: { id } })).status).toBeGreaterThanOrEqual(400);
    expect(await idOf(other)).toBe(id);
    expect((await auth.ask('/revoke-session', { body: { id }, token: person.token })).status).toBe(200);
    expect(await idOf(other)).toBe('');
    expect(await idOf(person.token)).not.toBe('');
  });

  it('by an administrator, and by nobody else at that route', async () => {
    const [admin, person] = [await asAdmin(), await auth.signUp()];
    const sessionId = await idOf(person.token);
    expect((await auth.ask('/admin/revoke-user-session', { body: { sessionId }, token: person.token })).status).toBe(
      403,
    );
    expect(await idOf(person.token)).toBe(sessionId);
    expect((await auth.ask('/admin/revoke-user-session', { body: { sessionId }, token: admin.token })).status).toBe(
      200,
    );
    expect(await idOf(person.token)).toBe('');
  });
});
