import { decodeOnce, openSignedToken, signToken } from './signed-token.ts';

const SECRET = 'a-secret-of-at-least-32-characters-long';
const TOKEN = 'Zb7TIt14PUqmajsiPxSrj9DlWmW1GovS';
const SIGNED = `${TOKEN}.${signToken(TOKEN, SECRET)}`;

describe('openSignedToken', () => {
  it('opens what Better Auth issues', () => {
    expect(openSignedToken(SIGNED, SECRET)).toBe(TOKEN);
  });

  it('opens a token of one character', () => {
    expect(openSignedToken(`a.${signToken('a', SECRET)}`, SECRET)).toBe('a');
  });

  it('splits at the last dot', () => {
    const dotted = `a.b.c`;
    expect(openSignedToken(`${dotted}.${signToken(dotted, SECRET)}`, SECRET)).toBe(dotted);
  });

  it.each([
    ['another secret', `${TOKEN}.${signToken(TOKEN, 'another-secret-of-32-characters-length')}`],
    ['no signature', TOKEN],
    ['an empty signature', `${TOKEN}.`],
    ['an empty token', `.${signToken('', SECRET)}`],
    ['no padding', SIGNED.slice(0, -1)],
    ['too much padding', `${SIGNED}=`],
    ['base64url', SIGNED.replaceAll('+', '-').replaceAll('/', '_').replace(/=$/, '_')],
    ['44 characters, more bytes', `${TOKEN}.${'é'.repeat(44)}`],
  ])('refuses %s', (_, value) => {
    expect(openSignedToken(value, SECRET)).toBeUndefined();
  });

  it('refuses every other spelling of the last character, though it decodes to the same bytes', () => {
    const last = SIGNED.at(-2) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const accepted = alphabet
      .split('')
      .filter((char) => openSignedToken(`${SIGNED.slice(0, -2)}${char}=`, SECRET) !== undefined);
    expect(accepted).toEqual([last]);
  });
});

describe('decodeOnce', () => {
  it('decodes once, and leaves alone what cannot be decoded', () => {
    expect(decodeOnce('a%2Bb')).toBe('a+b');
    expect(decodeOnce('a%252Bb')).toBe('a%2Bb');
    expect(decodeOnce('%ZZ')).toBe('%ZZ');
  });
});
