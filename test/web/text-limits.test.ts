import fc from 'fast-check';
import { startWebAuth, type Person, type WebAuth } from './web-auth.ts';

let auth: WebAuth;
let person: Person;
let admin: Person;
beforeAll(async () => {
  auth = await startWebAuth();
  person = await auth.signUp();
  admin = await auth.signUp();
  await auth.pool.query(`update "user" set role = 'admin' where id = $1`, [admin.id]);
});
afterAll(() => auth.close());

const password = 'correct horse battery';
const email = (): string => `${Math.random().toString(36).slice(2)}@example.com`;
const count = async (): Promise<number> => Number((await auth.pool.query('select count(*) from "user"')).rows[0].count);

describe('a text that is too long or can’t be stored is refused, and says which', () => {
  it.each([
    ['sign-up, name', '/sign-up/email', () => ({ name: 'x'.repeat(101), email: email(), password }), 'NAME_TOO_LONG'],
    [
      'sign-up, image',
      '/sign-up/email',
      () => ({ name: 'x', email: email(), password, image: 'x'.repeat(2_049) }),
      'IMAGE_TOO_LONG',
    ],
    [
      'sign-up, email',
      '/sign-up/email',
      () => ({ name: 'x', email: `${'x'.repeat(60)}@${'y'.repeat(200)}.com`, password }),
      'EMAIL_TOO_LONG',
    ],
    ['sign-up, NUL', '/sign-up/email', () => ({ name: 'a\0b', email: email(), password }), 'INVALID_TEXT'],
    [
      'sign-up, half a character',
      '/sign-up/email',
      () => ({ name: 'a\ud800b', email: email(), password }),
      'INVALID_TEXT',
    ],
    ['sign-up, lines', '/sign-up/email', () => ({ name: 'a\nb', email: email(), password }), 'INVALID_TEXT'],
    ['sign-up, no text', '/sign-up/email', () => ({ name: ['a'], email: email(), password }), 'INVALID_TYPE'],
    ['update-user, name', '/update-user', () => ({ name: 'x'.repeat(101) }), 'NAME_TOO_LONG'],
    ['update-user, image', '/update-user', () => ({ image: 'x'.repeat(2_049) }), 'IMAGE_TOO_LONG'],
    ['update-user, no text', '/update-user', () => ({ name: { a: 1 } }), 'INVALID_TYPE'],
    ['update-user, a number', '/update-user', () => ({ image: 1 }), 'INVALID_TYPE'],
    [
      'change-email',
      '/change-email',
      () => ({ newEmail: `${'x'.repeat(60)}@${'y'.repeat(200)}.com`, password }),
      'NEW_EMAIL_TOO_LONG',
    ],
    ['ban', '/admin/ban-user', () => ({ userId: person.id, banReason: 'x'.repeat(501) }), 'BAN_REASON_TOO_LONG'],
    [
      'create by an administrator',
      '/admin/create-user',
      () => ({ name: 'x'.repeat(101), email: email(), password }),
      'NAME_TOO_LONG',
    ],
    [
      'create by an administrator, data',
      '/admin/create-user',
      () => ({ name: 'x', email: email(), password, data: { image: 'x'.repeat(2_049) } }),
      'IMAGE_TOO_LONG',
    ],
    [
      'update by an administrator',
      '/admin/update-user',
      () => ({ userId: person.id, data: { name: 'x'.repeat(101) } }),
      'NAME_TOO_LONG',
    ],
    ['two-factor issuer', '/two-factor/enable', () => ({ password, issuer: 'x'.repeat(101) }), 'ISSUER_TOO_LONG'],
    [
      'where to go afterwards',
      '/request-password-reset',
      () => ({ email: email(), redirectTo: `/${'x'.repeat(2_048)}` }),
      'REDIRECT_TO_TOO_LONG',
    ],
    ['anything else', '/sign-in/email', () => ({ email: email(), password: 'x'.repeat(9_000) }), 'PASSWORD_TOO_LONG'],
    [
      'nested without end',
      '/update-user',
      () => JSON.parse(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`) as object,
      'BODY_TOO_DEEP',
    ],
  ])('%s', async (_, path, body, code) => {
    const before = await count();
    const { status, body: answer } = await auth.ask(path, {
      body: body(),
      token: path.startsWith('/sign-') ? undefined : admin.token,
    });
    expect({ status, answer }).toEqual({
      status: 400,
      answer: { code, message: expect.any(String), ...(code === 'BODY_TOO_DEEP' ? {} : { field: expect.any(String) }) },
    });
    expect(await count()).toBe(before);
  });

  it('what is exactly as long as allowed is kept', async () => {
    const name = 'é'.repeat(100);
    const { status } = await auth.ask('/update-user', {
      body: { name, image: 'x'.repeat(2_048) },
      token: person.token,
    });
    expect(status).toBe(200);
    expect(
      (await auth.pool.query('select name, length(image) as image from "user" where id = $1', [person.id])).rows,
    ).toEqual([{ name, image: 2_048 }]);
  });
});

it('the browser’s name is cut, and nobody is refused for it', async () => {
  const { email: address } = person;
  const { status } = await auth.ask('/sign-in/email', {
    body: { email: address, password: person.password },
    headers: { 'user-agent': 'x'.repeat(8_000) },
  });
  expect(status).toBe(200);
  const { rows } = await auth.pool.query('select max(length("userAgent")) as longest from session');
  expect(rows[0].longest).toBe(512);
});

describe('never a 500, and never a failure without a code', () => {
  const paths = [
    '/sign-up/email',
    '/sign-in/email',
    '/sign-in/social',
    '/update-user',
    '/change-email',
    '/delete-user',
    '/request-password-reset',
    '/reset-password',
    '/revoke-session',
    '/admin/ban-user',
    '/admin/update-user',
    '/admin/create-user',
    '/two-factor/verify-totp',
    '/two-factor/enable',
    '/step-up/send-code',
    '/unlink-account',
    '/update-session',
    '/sign-out',
  ];
  const refused = ({ status, body }: Awaited<ReturnType<WebAuth['ask']>>): void => {
    expect(status).toBeLessThan(500);
    if (status >= 400) expect(body).toMatchObject({ message: expect.any(String) });
  };

  it.each([
    ['malformed JSON', '{"name":', {}],
    ['a list', '[1,2]', {}],
    ['null', 'null', {}],
    ['a string', '"x"', {}],
    ['its prototype', '{"__proto__":{"role":"admin"},"name":"x"}', {}],
    ['not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), {}],
    ['the wrong kind of content', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['plain text', '{"name":"x"}', { 'content-type': 'text/plain' }],
    ['no kind of content', '{"name":"x"}', { 'content-type': '' }],
    ['nothing', '', {}],
    ['64,000 levels', '['.repeat(64_000), {}],
  ])('%s', async (_, raw, headers) => {
    for (const path of paths) {
      const answer = await auth.ask(path, { raw, method: 'POST', headers, token: admin.token });
      refused(answer);
      if (path === '/update-user') expect(answer.status).toBeGreaterThanOrEqual(400);
    }
  });

  it.each([
    '/reset-password/a%00b',
    '/callback/a%00b?code=x&state=y',
    '/callback/github?state=%00',
    '/verify-email?token=%00',
    '/admin/list-users?searchValue=%00',
    '/admin/list-users?sortBy=nothing',
    '/admin/list-users?limit=x&offset=-1',
    '/admin/list-users?filterField=nothing&filterValue=1',
    '/admin/get-user?id=%00',
    '/get-session?disableRefresh=%00',
    '/delete-user/callback?token=%00',
    '/no%00thing',
    '/%',
    '/nothing',
  ])('%s', async (path) => {
    refused(await auth.ask(path, { token: admin.token }));
  });

  it('any JSON at all', async () => {
    const keys = fc.constantFrom(
      'name',
      'email',
      'password',
      'image',
      'token',
      'id',
      'userId',
      'sessionId',
      'data',
      'role',
      'banReason',
      'banExpiresIn',
      'provider',
      'newEmail',
      'code',
      'callbackURL',
      'x\0',
      'rememberMe',
      'newPassword',
    );
    const values = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('a\0', '\ud800', '__proto__', '/tasks', ''),
      fc.jsonValue(),
      fc.constant(null),
      fc.double(),
      fc.record({
        name: fc.jsonValue(),
        emailVerified: fc.jsonValue(),
        banExpires: fc.jsonValue(),
        createdAt: fc.jsonValue(),
        x: fc.jsonValue(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths.filter((path) => path !== '/sign-out')),
        fc.dictionary(keys, values, { maxKeys: 6 }),
        async (path, body) => {
          refused(
            await auth.ask(path, {
              body: { userId: person.id, ...body },
              token: path.startsWith('/admin') ? admin.token : person.token,
            }),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});

it('a body that is too long is 413, whatever its headers say, and the connection is closed', async () => {
  const long = JSON.stringify({ name: 'x'.repeat(70_000) });
  for (const headers of [{}, { 'content-length': '100' }]) {
    const answer = await auth.ask('/update-user', { raw: long, headers, token: person.token });
    expect(answer).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE' } });
    expect(answer.headers.get('connection')).toBe('close');
  }
});
