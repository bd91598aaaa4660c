import { mailTo, startWebAuth, type WebAuth } from './web-auth.ts';

const LURE = 'Your account is locked, call +1 555 0100 or open https://evil.example/now';
const password = 'correct horse battery';

describe('mails', () => {
  let auth: WebAuth;
  beforeAll(async () => {
    auth = await startWebAuth();
  });
  afterAll(() => auth.close());

  it('hold nothing that the person who asked for them wrote', async () => {
    const email = 'victim@example.com';
    const body = { name: LURE, email, password, callbackURL: '/evil.example/call-us' };
    const { body: answer } = await auth.ask('/sign-up/email', { body });
    const token = String(answer?.['token']);
    await mailTo(auth, email, 'Confirm your email address');
    await auth.ask('/request-password-reset', { body: { email, redirectTo: '/evil.example/call-us' } });
    await mailTo(auth, email, 'Reset your password');
    await auth.ask('/send-verification-email', { body: { email, callbackURL: '/evil.example/call-us' }, token });
    await auth.pool.query('update "user" set "emailVerified" = true');
    await auth.ask('/change-email', {
      body: { newEmail: 'new@example.com', password, callbackURL: '/evil.example/call-us' },
      token,
    });
    const approval = await mailTo(auth, email, 'Approve your new email address');
    expect(auth.mails.length).toBeGreaterThanOrEqual(4);
    for (const mail of auth.mails) {
      const text = decodeURIComponent(JSON.stringify(mail));
      expect(text).not.toMatch(/evil|555|locked/i);
      expect(mail.to).toBe(email);
    }
    expect(approval.lines.join(' ')).toContain('new@example.com');
  });

  it('of one kind come to an address five times an hour, however it is written', async () => {
    const email = 'often@example.com';
    await auth.ask('/sign-up/email', { body: { name: 'Ada', email, password } });
    auth.mails.length = 0;
    for (let n = 0; n < 8; n++)
      await auth.ask('/request-password-reset', {
        body: { email: n % 2 ? email : email.toUpperCase() },
        address: `198.51.100.${n}`,
      });
    await auth.ask('/request-password-reset', { body: { email: 'victim@example.com' } });
    await mailTo(auth, 'victim@example.com', 'Reset your password');
    expect(auth.mails.filter(({ to, subject }) => to === email && subject === 'Reset your password')).toHaveLength(5);
  });
});

describe('with REQUIRE_EMAIL_VERIFICATION', () => {
  let auth: WebAuth;
  beforeAll(async () => {
    auth = await startWebAuth({ requireEmailVerification: true });
  });
  afterAll(() => auth.close());
  const signUp = (email: string, more: object = {}) =>
    auth.ask('/sign-up/email', { body: { name: 'Ada', email, password, ...more } });
  /** An answer with what differs between any two people taken out. */
  const shape = ({ status, headers, body }: Awaited<ReturnType<typeof signUp>>, email: string) => ({
    status,
    headers: [...headers.keys()].sort(),
    body: JSON.parse(
      JSON.stringify(body)
        .replace(/"(id|createdAt|updatedAt)":"[^"]+"/g, '"$1":"-"')
        .replaceAll(email, '-'),
    ) as object,
    order: JSON.stringify(body)
      .replace(/"(id|createdAt|updatedAt)":"[^"]+"/g, '"$1":"-"')
      .replaceAll(email, '-'),
  });

  it('sign-up answers a known address as it answers an unknown one, right input or wrong', async () => {
    await signUp('known@example.com');
    for (const more of [
      {},
      { image: 'https://example.com/a.png' },
      { rememberMe: false },
      { name: 'x'.repeat(101) },
      { name: 1 },
      { password: 'short' },
      { image: 7 },
      { role: 'admin' },
    ]) {
      const unknown = `unknown.${Math.random().toString(36).slice(2)}@example.com`;
      expect(shape(await signUp('known@example.com', more), 'known@example.com')).toEqual(
        shape(await signUp(unknown, more), unknown),
      );
    }
  });

  it('tells the owner of a known address', async () => {
    await signUp('owner@example.com');
    await signUp('Owner@example.com', { name: LURE });
    const mail = await mailTo(auth, 'owner@example.com', 'You have an account already');
    expect(mail.lines.join(' ')).toContain('Somebody tried to sign up with your address');
    expect(JSON.stringify(mail)).not.toContain('evil');
  });

  it('signs in only after the address is confirmed', async () => {
    const email = 'later@example.com';
    const { body, headers } = await signUp(email);
    expect(body).toMatchObject({ token: null });
    expect(headers.getSetCookie()).toEqual([]);
    const signIn = () => auth.ask('/sign-in/email', { body: { email, password } });
    expect(await signIn()).toMatchObject({ status: 403, body: { code: 'EMAIL_NOT_VERIFIED' } });
    const { link } = await mailTo(auth, email, 'Confirm your email address');
    const { pathname, search } = new URL(link.url);
    expect((await auth.ask(`${pathname.replace('/api/auth', '')}${search}`)).status).toBe(302);
    expect((await signIn()).status).toBe(200);
  });

  it('a password reset and a change to a known address tell nothing either', async () => {
    await signUp('asked@example.com');
    const reset = (email: string) => auth.ask('/request-password-reset', { body: { email } });
    expect((await reset('asked@example.com')).text).toBe((await reset('nobody@example.com')).text);
  });
});
