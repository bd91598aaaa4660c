import { BatchedLookup } from './batched.lookup.ts';

/** A lookup whose statements are answered by hand. */
function byHand() {
  const statements: {
    keys: readonly string[];
    answer: (found: Record<string, number>) => void;
    fail: (error: unknown) => void;
  }[] = [];
  const lookup = new BatchedLookup<number>(
    (keys) =>
      new Promise((resolve, reject) => {
        statements.push({ keys, answer: (found) => resolve(new Map(Object.entries(found))), fail: reject });
      }),
  );
  return { lookup, statements };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('BatchedLookup', () => {
  it('sends a lookup on its own at once', async () => {
    const { lookup, statements } = byHand();
    const found = lookup.find('a');
    expect(statements.map(({ keys }) => keys)).toEqual([['a']]);
    statements[0]!.answer({ a: 1 });
    expect(await found).toBe(1);
  });

  it('gathers what arrives while two statements are under way, and sends it when one returns', async () => {
    const { lookup, statements } = byHand();
    const found = ['a', 'b', 'c', 'd', 'c'].map((key) => lookup.find(key));
    expect(statements.map(({ keys }) => keys)).toEqual([['a'], ['b']]);
    statements[1]!.answer({ b: 2 });
    await settled();
    expect(statements[2]!.keys).toEqual(['c', 'd', 'c']);
    statements[0]!.answer({});
    statements[2]!.answer({ c: 3, d: 4 });
    expect(await Promise.all(found)).toEqual([undefined, 2, 3, 4, 3]);
  });

  it('does not wait for statements that never return', async () => {
    jest.useFakeTimers();
    try {
      const { lookup, statements } = byHand();
      for (const key of ['frozen', 'too', 'late', 'later']) void lookup.find(key);
      expect(statements).toHaveLength(2);
      jest.advanceTimersByTime(25);
      expect(statements[2]!.keys).toEqual(['late', 'later']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('fails what shared the statement that failed, and nothing else', async () => {
    const { lookup, statements } = byHand();
    const found = ['a', 'b', 'c', 'd'].map((key) => lookup.find(key));
    const outcome = Promise.allSettled(found);
    statements[0]!.answer({ a: 1 });
    await settled();
    statements[2]!.fail(new Error('away'));
    statements[1]!.answer({ b: 2 });
    expect((await outcome).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
  });

  it('finds nothing for a value that the column can’t hold, and does not fail the others for it', async () => {
    const { lookup, statements } = byHand();
    const found = ['a', 'b', 'no uuid', 'd'].map((key) => lookup.find(key));
    const badValue = Object.assign(new Error('invalid input syntax for type uuid'), { code: '22P02' });
    statements[0]!.answer({ a: 1 });
    await settled();
    statements[2]!.fail(badValue);
    await settled();
    expect(statements.slice(3).map(({ keys }) => keys)).toEqual([['no uuid'], ['d']]);
    statements[3]!.fail(badValue);
    statements[4]!.answer({ d: 4 });
    statements[1]!.answer({ b: 2 });
    expect(await Promise.all(found)).toEqual([1, 2, undefined, 4]);
  });

  it('puts no more than 256 keys into a statement', () => {
    const { lookup, statements } = byHand();
    for (let key = 0; key < 602; key += 1) void lookup.find(String(key));
    statements[0]!.answer({});
    return settled().then(() => expect(statements.map(({ keys }) => keys.length)).toEqual([1, 1, 256, 256, 88]));
  });
});
