import { CursorCodec } from './cursor.ts';

const codec = new CursorCodec('a secret of the application');
const position = { value: '2030-01-01T00:00:00.000Z', id: 'a' };
const SCOPE = ['ada', 'done', '-createdAt'];
const refused = (cursor: string, scope: readonly unknown[] = SCOPE, by = codec) => {
  expect(() => by.decode(cursor, scope)).toThrow(expect.objectContaining({ status: 400 }) as Error);
};

describe('a cursor', () => {
  const cursor = codec.encode(position, SCOPE);

  it('brings back where the page ended, whatever its value holds', () => {
    expect(codec.decode(cursor, SCOPE)).toEqual(position);
    const odd = { value: 'a.b"ü\n', id: '' };
    expect(codec.decode(codec.encode(odd, SCOPE), SCOPE)).toEqual(odd);
  });

  it('ends in a MAC of 128 bits and fits into a URL', () => {
    expect(cursor).toMatch(/^[\w-]+\.[\w-]{22}$/);
  });

  it('is refused for another user, filter, order or secret', () => {
    for (const scope of [
      ['grace', 'done', '-createdAt'],
      ['ada', 'todo', '-createdAt'],
      ['ada', 'done', 'createdAt'],
      ['ada', 'done'],
      [],
    ])
      refused(cursor, scope);
    refused(cursor, SCOPE, new CursorCodec('another secret'));
  });

  it('is refused when anything of it was changed, left out or spelt another way, and the input is named', () => {
    const [payload = '', mac = ''] = cursor.split('.');
    const forged = Buffer.from(JSON.stringify(['2031', 'b'])).toString('base64url');
    for (const text of [
      '',
      '.',
      payload,
      `${payload}.`,
      `.${mac}`,
      `${forged}.${mac}`,
      `${payload}.${mac.slice(0, -1)}`,
      `${payload}.${mac}=`,
      `${payload}.${mac}AA`,
    ])
      refused(text);
    expect(() => codec.decode('x', SCOPE)).toThrow(
      expect.objectContaining({
        response: expect.objectContaining({
          code: 'validation_failed',
          errors: [{ pointer: '/query/cursor', message: 'must be the nextCursor of a page of the same query' }],
        }) as unknown,
      }) as Error,
    );
  });

  it('that our own code made of something else than text is our fault', () => {
    for (const odd of [{ value: 5, id: 'a' }, { value: 'a', id: 5 }, { value: 'a' }]) {
      const made = codec.encode(odd as never, SCOPE);
      expect(() => codec.decode(made, SCOPE)).toThrow(new TypeError('A genuine cursor does not hold a position'));
    }
  });
});
