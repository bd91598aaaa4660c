import { bytesOf, shareEqual, Snapshot } from './packed.ts';

describe('Snapshot', () => {
  it.each([
    ['an object', { theme: 'dark', nested: { list: [1, 'two', null] } }],
    ['an array of texts', ['a', 'ä', '字']],
    ['an array of dates', [new Date(0), new Date(1_000)]],
    ['bytes', Buffer.from([0, 127, 128, 255])],
    ['a text that becomes an object', '{"a":1}'],
  ])('%s comes back equal', (_, value) => {
    expect(Snapshot.of(value).read()).toEqual(value);
  });

  it('what is done to one copy, or to the original, shows in no other', () => {
    const original = { list: ['a'], when: new Date(0), bytes: Buffer.from('abc') };
    const snapshot = Snapshot.of(original);
    const copy = snapshot.read() as typeof original;
    for (const each of [original, copy]) {
      each.list.push('b');
      each.when.setFullYear(1999);
      each.bytes[0] = 0;
    }
    expect(snapshot.read()).toEqual({ list: ['a'], when: new Date(0), bytes: Buffer.from('abc') });
  });
});

describe('bytesOf', () => {
  it('grows with each text by its bytes, two for each character where one is beyond Latin-1 or nearly so', () => {
    const empty = bytesOf(['']);
    expect(bytesOf(['x'.repeat(1_000)]) - empty).toBe(1_000);
    expect(bytesOf([`${'x'.repeat(999)}字`]) - empty).toBe(2_000);
  });

  it('counts what is written down, and values without a text little', () => {
    const large = Snapshot.of({ text: 'x'.repeat(1_000) });
    expect(bytesOf([large])).toBeGreaterThan(1_000);
    expect(bytesOf([1, true, 2])).toBe(bytesOf([]) + 24);
    expect(bytesOf([null, null])).toBe(bytesOf([]));
  });

  it('a usual session with its user is counted as less than a kibibyte', () => {
    const id = 'Zb7TIt14PUqmajsiPxSrj9DlWmW1GovS';
    const agent =
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) ' +
      'Chrome/142.0.0.0 Safari/537.36';
    const session = [id, id, 1, 2, 3, '203.0.113.77', agent, null, null];
    expect(
      bytesOf([...session, id, 'Ada Lovelace', 'ada.lovelace@example.com', true, null, 1, 2, 'user', null, null, null]),
    ).toBeLessThan(1_024);
  });
});

describe('shareEqual', () => {
  it('takes equal values from the known row, and different ones from the new', () => {
    const known = Snapshot.of({ a: 1 });
    const shared = shareEqual([Snapshot.of({ a: 1 }), 'new', 3, Snapshot.of({ a: 2 })], [known, 'old', 3, known]);
    expect(shared[0]).toBe(known);
    expect(shared.slice(1, 3)).toEqual(['new', 3]);
    expect(shared[3]).toEqual(Snapshot.of({ a: 2 }));
    expect(shareEqual([known], ['text'])[0]).toBe(known);
  });
});
