import { FeedInHand } from '../../test/in-memory.feed.ts';
import { found } from '../../test/principals.ts';
import { digest } from './digest.ts';
import { InProcessMemory } from './in-process.memory.ts';

describe('InProcessMemory', () => {
  function memoryOf() {
    const feed = new FeedInHand();
    const changes: number[] = [];
    const memory = new InProcessMemory({ maxCredentials: 100, maxBytes: 2 ** 20 }, feed, (count) =>
      changes.push(count),
    );
    let loads = 0;
    /** Loads the same session each time, after what happens meanwhile. */
    const recall = (key: string, meanwhile: () => void = () => undefined) =>
      memory.recall(key, () => {
        loads += 1;
        meanwhile();
        return Promise.resolve(found('s1', 'u1'));
      });
    return { feed, memory, changes, recall, loads: () => loads };
  }

  it('loads once, and then answers at once', async () => {
    const { memory, recall, changes, loads } = memoryOf();
    expect(memory.peek('key')).toBeNull();
    const loaded = await recall('key');
    expect(recall('key')).toBe(loaded);
    expect([loads(), changes, memory.size]).toEqual([1, [1], 1]);
  });

  it('asks again while the feed isn’t proven, and remembers all the same', async () => {
    const { feed, memory, recall, loads } = memoryOf();
    feed.isProven = false;
    await recall('key');
    expect(memory.peek('key')).toBeNull();
    await recall('key');
    expect(loads()).toBe(2);
    feed.isProven = true;
    expect(memory.peek('key')).not.toBeNull();
  });

  it.each([
    ['its session', { scope: 'session', key: digest('s1') }],
    ['its user', { scope: 'user', key: digest('u1') }],
    ['everything', { scope: 'all' }],
  ] as const)('a load overtaken by a revocation of %s is not remembered', async (_, revocation) => {
    const { feed, memory, recall, loads } = memoryOf();
    await recall('key', () => feed.announce(revocation));
    expect([memory.size, loads()]).toEqual([0, 3]);
    await recall('key');
    feed.announce(revocation);
    expect(memory.peek('key')).toBeNull();
  });

  it('a refusal and a failure stand in no other’s way', async () => {
    const { feed, memory, recall } = memoryOf();
    expect(await memory.recall('unknown', () => Promise.resolve({ refused: 'unknown_session' }))).toEqual({
      refused: 'unknown_session',
    });
    await expect(memory.recall('away', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    feed.announce({ scope: 'all' });
    await recall('key');
    expect(memory.size).toBe(1);
  });

  it('what is read after a revocation of another is remembered', async () => {
    const { feed, memory, recall, loads } = memoryOf();
    await recall('key', () => feed.announce({ scope: 'session', key: digest('s2') }));
    expect([memory.size, loads()]).toEqual([1, 1]);
  });
});
