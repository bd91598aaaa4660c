import { createHmac } from 'node:crypto';
import { renewCookies, renewSignatures } from './secret-rotation.ts';

const OLD = 'the-old-secret-0123456789-abcdefghij';
const NEW = 'the-new-secret-0123456789-abcdefghij';
const OLDEST = 'the-oldest-secret-0123456789-abcdefgh';
const signed = (value: string, secret: string) =>
  encodeURIComponent(`${value}.${createHmac('sha256', secret).update(value).digest('base64')}`);

it('cookies of the older secret are signed anew, others stay as they are', () => {
  const header = `theme=dark; better-auth.session_token=${signed('token', OLD)}; broken=%ZZ`;
  expect(renewSignatures(header, [NEW, OLD])?.header).toBe(
    `theme=dark; better-auth.session_token=${signed('token', NEW)}; broken=%ZZ`,
  );
});

it('nothing is renewed that is current, forged, or signed with a secret off the list', () => {
  for (const cookie of [
    signed('token', NEW),
    signed('token', 'somebody-elses-secret-0123456789'),
    'token.c2lnbmF0dXJl',
    'token',
  ]) {
    expect(renewSignatures(`better-auth.session_token=${cookie}`, [NEW, OLD])).toBeUndefined();
  }
  expect(renewSignatures(`better-auth.session_token=${signed('token', OLD)}`, [NEW])).toBeUndefined();
  expect(renewSignatures(null, [NEW, OLD])).toBeUndefined();
});

it('each secret that is still on the list renews, also the last one', () => {
  const header = `a=${signed('one', OLD)}; b=${signed('two', OLDEST)}; c=${signed('three', NEW)}; d`;
  const renewed = renewSignatures(header, [NEW, OLD, OLDEST]);
  expect(renewed?.header).toBe(`a=${signed('one', NEW)}; b=${signed('two', NEW)}; c=${signed('three', NEW)}; d`);
  expect([...(renewed?.cookies.keys() ?? [])]).toEqual(['a', 'b']);
});

it('what only ends like a signed cookie, or goes on behind its signature, is left alone', () => {
  const cookie = decodeURIComponent(signed('token', OLD));
  for (const value of [`${cookie}x`, `\n${cookie}`]) {
    expect(renewSignatures(`better-auth.session_token=${encodeURIComponent(value)}`, [NEW, OLD])).toBeUndefined();
  }
});

it('without older secrets nothing is set', () => {
  const headers = new Headers({ cookie: `better-auth.session_token=${signed('token', OLD)}` });
  expect(renewCookies(headers, { secrets: undefined, webUrl: 'http://localhost:3000' })).toEqual([]);
  expect(renewCookies(headers, { secrets: [{ value: NEW }], webUrl: 'http://localhost:3000' })).toEqual([]);
});

const rotating = (cookie: string, webUrl: string) => {
  const headers = new Headers({ cookie });
  return {
    lines: renewCookies(headers, { secrets: [{ value: NEW }, { value: OLD }], webUrl }),
    sent: headers.get('cookie'),
  };
};

it('the browser keeps the renewed session cookie as Better Auth would have set it', () => {
  expect(rotating(`__Secure-better-auth.session_token=${signed('token', OLD)}`, 'https://app.example.com')).toEqual({
    sent: `__Secure-better-auth.session_token=${signed('token', NEW)}`,
    lines: [
      `__Secure-better-auth.session_token=${signed('token', NEW)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=604800; ` +
        'Secure',
    ],
  });
});

it('a session that was not to be remembered still ends with the browser', () => {
  const cookie = `better-auth.session_token=${signed('token', OLD)}; better-auth.dont_remember=${signed('true', OLD)}`;
  const { sent, lines } = rotating(cookie, 'http://localhost:3000');
  expect(sent).toContain(`better-auth.dont_remember=${signed('true', NEW)}`);
  expect(lines).toEqual([`better-auth.session_token=${signed('token', NEW)}; Path=/; HttpOnly; SameSite=Lax`]);
});
