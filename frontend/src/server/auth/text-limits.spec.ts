import { checkTexts, cutText, TEXT_LIMITS } from './text-limits.ts';

/** The code of the refusal; undefined where the value is let through. */
function codeOf(value: unknown): string | undefined {
  try {
    checkTexts(value);
    return undefined;
  } catch (error) {
    return (error as { body: { code: string } }).body.code;
  }
}

const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });

describe('checkTexts', () => {
  it.each(Object.entries(TEXT_LIMITS))('takes a %s of %d characters, and not one more', (name, limit) => {
    expect(codeOf({ [name]: 'a'.repeat(limit) })).toBeUndefined();
    expect(codeOf({ [name]: 'a'.repeat(limit + 1) })).toBe(
      `${name.replaceAll(/[A-Z]+/g, (capitals) => `_${capitals}`).toUpperCase()}_TOO_LONG`,
    );
  });

  it('takes any other text of 8,192 characters, and not one more', () => {
    expect(codeOf({ idToken: 'a'.repeat(8_192) })).toBeUndefined();
    expect(codeOf({ idToken: 'a'.repeat(8_193) })).toBe('ID_TOKEN_TOO_LONG');
    expect(codeOf('a'.repeat(8_193))).toBeDefined();
  });

  it('names the field, so that a form can show it there', () => {
    expect(() => checkTexts({ banReason: 'a'.repeat(501) })).toThrow(
      expect.objectContaining({
        statusCode: 400,
        body: { code: 'BAN_REASON_TOO_LONG', message: 'banReason may have 500 characters.', field: 'banReason' },
      }) as Error,
    );
    expect(() => checkTexts({ a: 'x\0' })).toThrow(
      expect.objectContaining({ body: expect.objectContaining({ field: 'a' }) as unknown }) as Error,
    );
  });

  it.each(['a\0', 'a\ud800', '\udc00'])('refuses %j in any text and any key: PostgreSQL can’t store it', (text) => {
    expect(codeOf({ password: text })).toBe('INVALID_TEXT');
    expect(codeOf([text])).toBe('INVALID_TEXT');
    expect(codeOf({ [text]: 1 })).toBe('INVALID_BODY');
  });

  it.each(['a\nb', 'a\u0085b', 'a\u2028b', 'a\u202eb', 'a\u2069'])(
    'refuses %j where a text is shown in one line, and only there',
    (text) => {
      for (const name of ['name', 'image', 'email', 'newEmail', 'role', 'banReason', 'issuer'])
        expect(codeOf({ [name]: text })).toBe('INVALID_TEXT');
      expect(codeOf({ password: text, callbackURL: text })).toBeUndefined();
    },
  );

  it('takes emoji, accents and every script', () => {
    expect(codeOf({ name: '😀 Élodie 王' })).toBeUndefined();
  });

  it('refuses what isn’t text where text belongs', () => {
    for (const value of [1, true, {}, null]) expect([value, codeOf({ email: value })]).toEqual([value, 'INVALID_TYPE']);
    expect(codeOf({ name: null })).toBe('INVALID_TYPE');
    expect(codeOf({ image: null, banReason: null, name: undefined })).toBeUndefined();
    expect(codeOf({ age: 1, admin: true, none: null })).toBeUndefined();
  });

  it('judges each element of a list by the list’s name', () => {
    expect(codeOf({ role: ['a', 'b'] })).toBeUndefined();
    expect(codeOf({ role: ['a', 'x'.repeat(101)] })).toBe('ROLE_TOO_LONG');
    expect(codeOf({ list: ['x'.repeat(101)] })).toBeUndefined();
  });

  it('takes the first and last name of a provider’s profile, each as long as a text may be', () => {
    expect(codeOf({ user: { name: { firstName: 'Ada', lastName: 'Lovelace' } } })).toBeUndefined();
    expect(codeOf({ person: { name: { firstName: 'Ada' } } })).toBe('INVALID_TYPE');
    expect(codeOf({ user: { email: {} } })).toBe('INVALID_TYPE');
  });

  it('takes eight levels, and not one more', () => {
    expect(codeOf(nested(8))).toBeUndefined();
    expect(codeOf(nested(9))).toBe('BODY_TOO_DEEP');
    expect(codeOf(JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`))).toBe('BODY_TOO_DEEP');
  });

  it('refuses a key that reaches a prototype, and one of more than 100 characters', () => {
    expect(codeOf(JSON.parse('{"__proto__":{}}'))).toBe('INVALID_BODY');
    expect(codeOf({ ['k'.repeat(100)]: 1 })).toBeUndefined();
    expect(codeOf({ ['k'.repeat(101)]: 1 })).toBe('INVALID_BODY');
  });
});

describe('cutText', () => {
  it('cuts a text to its limit, never in the middle of a character', () => {
    expect([cutText('abc', 3), cutText('abcd', 3), cutText('ab😀', 3), cutText('ab😀', 4)]).toEqual([
      'abc',
      'abc',
      'ab',
      'ab😀',
    ]);
  });

  it('makes one clean line of it', () => {
    expect(cutText(' a\nb\u202ec\ud800 ', 99)).toBe('a b c');
    expect(cutText('a\n\nb', 99)).toBe('a  b');
  });
});
