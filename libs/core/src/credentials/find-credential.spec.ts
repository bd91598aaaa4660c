import { credentialSchemes } from '../compose.ts';
import { findCredential } from './find-credential.ts';
import { decodeCookie, readCookie, sessionCookieName } from './session-cookie.ts';

const COOKIE = 'better-auth.session_token';
const SCHEMES = credentialSchemes({ secrets: [], bearer: 'any', cookieName: COOKIE, jwt: null });
const NO_SESSIONS = {
  findByToken: () => Promise.reject(new Error('looked up')),
  findById: () => Promise.reject(new Error('looked up')),
};
const read = (headers: Record<string, string | string[]>) => {
  const sent = findCredential(SCHEMES, headers);
  return 'refused' in sent ? sent : { kind: sent.scheme.kind, value: sent.text };
};
/** What the scheme itself says of what was found. */
const verified = async (headers: Record<string, string | string[]>) => {
  const sent = findCredential(SCHEMES, headers);
  return 'refused' in sent ? sent : sent.scheme.verify(sent.text, NO_SESSIONS);
};

describe('findCredential', () => {
  it('tells the kinds apart', () => {
    expect(read({ authorization: 'Bearer abc' })).toEqual({ kind: 'token', value: 'abc' });
    expect(read({ authorization: `Bearer abc.${'A'.repeat(43)}=` })).toMatchObject({ kind: 'signed_token' });
    expect(read({ authorization: `Bearer abc.${'A'.repeat(43)}%3D` })).toMatchObject({ kind: 'signed_token' });
    expect(read({ authorization: 'Bearer e30.e30.c2ln' })).toEqual({ kind: 'jwt', value: 'e30.e30.c2ln' });
    expect(read({ cookie: `a=b; ${COOKIE}=t.s` })).toEqual({ kind: 'cookie', value: 't.s' });
  });

  it('no header and no cookie of ours is missing; an Authorization header of any kind decides alone', () => {
    expect(read({})).toEqual({ refused: 'missing' });
    expect(read({ cookie: 'theme=dark' })).toEqual({ refused: 'missing' });
    expect(read({ authorization: '', cookie: `${COOKIE}=t.s` })).toEqual({ refused: 'malformed' });
    expect(read({ authorization: 'Basic x', cookie: `${COOKIE}=t.s` })).toEqual({ refused: 'unsupported_scheme' });
    expect(read({ authorization: 'Bearer', cookie: `${COOKIE}=t.s` })).toEqual({ refused: 'malformed' });
    expect(read({ authorization: ['Bearer a', 'Bearer b'] })).toEqual({ refused: 'malformed' });
  });

  it('refuses control characters and what is longer than any credential, unread', async () => {
    expect(read({ authorization: 'Bearer a\u0000b' })).toEqual({ refused: 'malformed' });
    expect(await verified({ cookie: `${COOKIE}=a%00b` })).toEqual({ refused: 'malformed' });
    expect(await verified({ cookie: `${COOKIE}=${'a'.repeat(4097)}` })).toEqual({ refused: 'malformed' });
    expect(await verified({ cookie: `${COOKIE}=${'a'.repeat(4096)}` })).toEqual({ refused: 'bad_signature' });
    expect(read({ authorization: `Bearer ${'a'.repeat(4097)}` })).toEqual({ refused: 'malformed' });
    expect(read({ authorization: `Bearer ${'a'.repeat(4096)}` })).toMatchObject({ kind: 'token' });
    for (const control of ['\u0001', '\t', '\u001f', '\u007f']) {
      expect([control, read({ authorization: `Bearer a${control}b` })]).toEqual([control, { refused: 'malformed' }]);
    }
    expect(read({ authorization: 'Bearer a b' })).toEqual({ kind: 'token', value: 'a b' });
  });

  it.each(['bearer', 'BEARER', 'Bearer', 'bEaReR'])(
    'the scheme %s counts, however it is written, and what follows is trimmed',
    (scheme) => {
      expect(read({ authorization: `${scheme}   abc ` })).toEqual({ kind: 'token', value: 'abc' });
    },
  );

  it.each([
    ['a.b.c', 'jwt'],
    ['a-_9.b-_9.c-_9', 'jwt'],
    ['a.b.', 'jwt'],
    ['a.b', 'signed_token'],
    ['.b.c', 'signed_token'],
    ['a..c', 'signed_token'],
    ['a.b.c.d', 'signed_token'],
    ['a.b.c=', 'signed_token'],
    ['x a.b.c', 'signed_token'],
    ['a.b.c x', 'signed_token'],
    ['a+.b.c', 'signed_token'],
    ['a.b+.c', 'signed_token'],
  ])('%s is a %s by its form', (value, kind) => {
    expect(read({ authorization: `Bearer ${value}` })).toEqual({ kind, value });
  });

  it('reads Cookie headers that came in several', () => {
    expect(read({ cookie: ['a=b', `${COOKIE}=t.s`, 'c=d'] })).toEqual({ kind: 'cookie', value: 't.s' });
  });

  it('an empty cookie is missing before anything is looked into', () => {
    expect(read({ cookie: `${COOKIE}=` })).toEqual({ refused: 'missing' });
  });
});

describe('readCookie and decodeCookie', () => {
  it('the first duplicate counts, as it was sent', () => {
    expect(readCookie(`${COOKIE}=first; ${COOKIE}=second`, COOKIE)).toBe('first');
    expect(readCookie(`a=b; ${COOKIE}=a%3D`, COOKIE)).toBe('a%3D');
    expect(readCookie(`${COOKIE}=a%3D=`, COOKIE)).toBe('a%3D=');
    expect(readCookie(`${COOKIE}2=x`, COOKIE)).toBeUndefined();
    expect(readCookie(`__Secure-${COOKIE}=x`, COOKIE)).toBeUndefined();
  });

  it('a value may be quoted and is decoded once', () => {
    expect(decodeCookie('"a%3D"')).toBe('a=');
    expect(decodeCookie('  "a%3D"\t')).toBe('a=');
    expect(decodeCookie(' a%3D ')).toBe('a=');
    expect(decodeCookie('a"')).toBe('a"');
    expect(decodeCookie('a%253D')).toBe('a%3D');
    expect(decodeCookie('%ZZ')).toBe('%ZZ');
  });

  it('a quoted nothing is no credential', async () => {
    expect(await verified({ cookie: `${COOKIE}=""` })).toEqual({ refused: 'missing' });
  });
});

describe('sessionCookieName', () => {
  it.each([
    [{ baseURL: 'http://localhost:3000' }, 'better-auth.session_token'],
    [{ baseURL: 'https://app.example.com' }, '__Secure-better-auth.session_token'],
    [{ baseURL: 'https://app.example.com', secureCookies: false }, 'better-auth.session_token'],
    [{ baseURL: 'http://localhost:3000', secureCookies: true }, '__Secure-better-auth.session_token'],
    [{ baseURL: 'http://localhost:3000', cookiePrefix: 'shop' }, 'shop.session_token'],
    [{ baseURL: 'https://app.example.com', cookieName: 'sid' }, '__Secure-sid'],
  ])('%j → %s', (naming, name) => {
    expect(sessionCookieName(naming)).toBe(name);
  });
});
