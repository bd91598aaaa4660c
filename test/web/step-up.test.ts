import { mailTo, startWebAuth, type Person, type WebAuth } from './web-auth.ts';

let auth: WebAuth;
beforeAll(async () => {
  auth = await startWebAuth();
});
afterAll(() => auth.close());

const userOf = async ({ id }: Person): Promise<{ email: string } | undefined> =>
  (await auth.pool.query<{ email: string }>('select email from "user" where id = $1', [id])).rows[0];
/** Somebody who came by a provider. */
async function withoutPassword(): Promise<Person> {
  const person = await auth.signUp();
  await auth.pool.query(`update account set "providerId" = 'github', password = null where "userId" = $1`, [person.id]);
  return person;
}
const asAdmin = async (): Promise<Person> => {
  const person = await auth.signUp();
  await auth.pool.query(`update "user" set role = 'admin' where id = $1`, [person.id]);
  return person;
};

describe('a session token alone', () => {
  it('changes no address, with whichever credential it comes', async () => {
    const person = await auth.signUp();
    const signIn = await auth.ask('/sign-in/email', { body: { email: person.email, password: person.password } });
    const cookie = signIn.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    for (const credential of [{ token: person.token }, { headers: { cookie } }]) {
      for (const password of [undefined, '', 'wrong', ['x'], null]) {
        const { status, body } = await auth.ask('/change-email', {
          body: { newEmail: 'thief@example.com', password },
          ...credential,
        });
        expect([400, 403]).toContain(status);
        expect(body?.['code']).toMatch(/^(PASSWORD_REQUIRED|INVALID_PASSWORD)$/);
      }
    }
    expect(await userOf(person)).toEqual({ email: person.email });
  });

  it('deletes no account', async () => {
    const person = await auth.signUp();
    expect(await auth.ask('/delete-user', { body: {}, token: person.token })).toMatchObject({
      status: 403,
      body: { code: 'PASSWORD_REQUIRED' },
    });
    expect(await auth.ask('/delete-user', { body: { password: 'wrong' }, token: person.token })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_PASSWORD' },
    });
    expect(await userOf(person)).toBeDefined();
  });

  it.each(['/link-social', '/unlink-account'])('%s changes no way of signing in', async (path) => {
    const person = await auth.signUp();
    expect(
      await auth.ask(path, { body: { provider: 'github', providerId: 'credential' }, token: person.token }),
    ).toMatchObject({ status: 403, body: { code: 'PASSWORD_REQUIRED' } });
  });

  it.each([
    ['/admin/set-user-password', { newPassword: 'another good one' }],
    ['/admin/remove-user', {}],
    ['/admin/update-user', { data: { email: 'thief@example.com' } }],
  ])('of an administrator does nothing to others at %s', async (path, body) => {
    const [admin, person] = [await asAdmin(), await auth.signUp()];
    expect(await auth.ask(path, { body: { userId: person.id, ...body }, token: admin.token })).toMatchObject({
      status: 403,
      body: { code: 'PASSWORD_REQUIRED' },
    });
    expect(await userOf(person)).toEqual({ email: person.email });
    expect(
      await auth.ask(path, { body: { userId: person.id, ...body, password: admin.password }, token: admin.token }),
    ).toMatchObject({ status: 200 });
  });
});

describe('with the password and a fresh session', () => {
  it('the address changes', async () => {
    const person = await auth.signUp();
    const newEmail = `new.${person.email}`;
    expect(
      await auth.ask('/change-email', { body: { newEmail, password: person.password }, token: person.token }),
    ).toMatchObject({ status: 200 });
    expect(await userOf(person)).toEqual({ email: newEmail });
  });

  it('the account goes', async () => {
    const person = await auth.signUp();
    expect(await auth.ask('/delete-user', { body: { password: person.password }, token: person.token })).toMatchObject({
      status: 200,
    });
    expect(await userOf(person)).toBeUndefined();
  });
});

it.each([
  ['/change-email', (person: Person) => ({ newEmail: 'new@example.com', password: person.password })],
  ['/delete-user', (person: Person) => ({ password: person.password })],
  ['/change-password', (person: Person) => ({ currentPassword: person.password, newPassword: 'another good one' })],
  ['/two-factor/enable', (person: Person) => ({ password: person.password })],
  ['/two-factor/disable', (person: Person) => ({ password: person.password })],
  ['/two-factor/generate-backup-codes', (person: Person) => ({ password: person.password })],
  ['/two-factor/get-totp-uri', (person: Person) => ({ password: person.password })],
  ['/admin/set-role', (person: Person) => ({ userId: person.id, role: 'admin' })],
  ['/admin/impersonate-user', (person: Person) => ({ userId: person.id })],
])('a session older than a day is not enough for %s, even with the password', async (path, body) => {
  const person = await asAdmin();
  await auth.age(person, 25);
  expect(await auth.ask(path, { body: body(person), token: person.token })).toMatchObject({
    status: 403,
    body: { code: 'SESSION_NOT_FRESH' },
  });
  await auth.age(person, 23);
  expect((await auth.ask(path, { body: body(person), token: person.token })).body?.['code']).not.toBe(
    'SESSION_NOT_FRESH',
  );
});

it('an administrator acting as somebody changes neither their address nor the account', async () => {
  const [admin, person] = [await asAdmin(), await auth.signUp()];
  const acting = await auth.ask('/admin/impersonate-user', { body: { userId: person.id }, token: admin.token });
  const token = decodeURIComponent(acting.headers.get('set-auth-token') ?? '');
  expect(acting.status).toBe(200);
  for (const path of ['/change-email', '/delete-user', '/step-up/send-code']) {
    expect(
      await auth.ask(path, { body: { newEmail: 'x@example.com', password: person.password }, token }),
    ).toMatchObject({ status: 403, body: { code: 'NOT_WHILE_IMPERSONATING' } });
  }
});

describe('an account without a password', () => {
  const codeFor = async (person: Person): Promise<string> => {
    auth.mails.length = 0;
    expect(await auth.ask('/step-up/send-code', { body: {}, token: person.token })).toMatchObject({ status: 200 });
    const mail = await mailTo(auth, person.email, 'Your code');
    return /\b\d{8}\b/.exec(mail.lines.join(' '))?.[0] ?? '';
  };

  it('goes with the code that was mailed to its address, and not without', async () => {
    const person = await withoutPassword();
    expect(await auth.ask('/delete-user', { body: {}, token: person.token })).toMatchObject({
      status: 403,
      body: { code: 'CODE_REQUIRED' },
    });
    const code = await codeFor(person);
    expect(await auth.ask('/delete-user', { body: { code }, token: person.token })).toMatchObject({ status: 200 });
    expect(await userOf(person)).toBeUndefined();
  });

  it('a code is good for one try, one person and ten minutes', async () => {
    const [person, other] = [await withoutPassword(), await withoutPassword()];
    const code = await codeFor(person);
    const change = (who: Person, tried: string) =>
      auth.ask('/change-email', { body: { newEmail: 'x@example.com', code: tried }, token: who.token });
    const refused = { status: 400, body: { code: 'INVALID_STEP_UP_CODE' } };
    expect(await change(other, code)).toMatchObject(refused);
    expect(await change(person, '00000000')).toMatchObject(refused);
    expect(await change(person, code)).toMatchObject(refused);
    const second = await codeFor(person);
    await auth.pool.query(`update verification set "expiresAt" = now() - interval '1 second'`);
    expect(await change(person, second)).toMatchObject(refused);
  });

  it('is asked for no code where there is a password', async () => {
    const person = await auth.signUp();
    expect(await auth.ask('/step-up/send-code', { body: {}, token: person.token })).toMatchObject({
      status: 400,
      body: { code: 'PASSWORD_REQUIRED' },
    });
    expect(await auth.ask('/step-up/send-code', { body: {} })).toMatchObject({ status: 401 });
  });
});
