import { createHmac } from 'node:crypto';
import { renewCookies, renewSignatures } from './secret-rotation.ts';

const OLD = 'the-old-secret-0123456789-abcdefghij';
const NEW = 'the-new-secret-0123456789-abcdefghij';
const signed = (value: string, secret: string) =>
  encodeURIComponent(`${value}.${createHmac('sha256', secret).update(value).digest('base64')}`);

test('cookies of the older secret are signed anew, others stay as they are', () => {
  const header = `theme=dark; better-auth.session_token=${signed('token', OLD)}; broken=%ZZ`;
  expect(renewSignatures(header, [NEW, OLD])?.header).toBe(
    `theme=dark; better-auth.session_token=${signed('token', NEW)}; broken=%ZZ`,
  );
});

test('nothing is renewed that is current, forged, or signed with a secret off the list', () => {
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

const rotating = (cookie: string, webUrl: string) => {
  const headers = new Headers({ cookie });
  return {
    lines: renewCookies(headers, { secrets: [{ value: NEW }, { value: OLD }], webUrl }),
    sent: headers.get('cookie'),
  };
};

test('the browser keeps the renewed session cookie as Better Auth would have set it', () => {
  expect(rotating(`__Secure-better-auth.session_token=${signed('token', OLD)}`, 'https://app.example.com')).toEqual({
    sent: `__Secure-better-auth.session_token=${signed('token', NEW)}`,
    lines: [
      `__Secure-better-auth.session_token=${signed('token', NEW)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=604800; Secure`,
    ],
  });
});

test('a session that was not to be remembered still ends with the browser', () => {
  const cookie = `better-auth.session_token=${signed('token', OLD)}; better-auth.dont_remember=${signed('true', OLD)}`;
  const { sent, lines } = rotating(cookie, 'http://localhost:3000');
  expect(sent).toContain(`better-auth.dont_remember=${signed('true', NEW)}`);
  expect(lines).toEqual([`better-auth.session_token=${signed('token', NEW)}; Path=/; HttpOnly; SameSite=Lax`]);
});
