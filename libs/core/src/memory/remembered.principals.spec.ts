import { found } from '../../test/principals.ts';
import { bytesOf, Snapshot } from '../lookup/packed.ts';
import { digest } from './digest.ts';
import { RememberedPrincipals } from './remembered.principals.ts';

const ROOM = { maxCredentials: 100, maxBytes: 2 ** 20 };

describe('RememberedPrincipals', () => {
  const cacheOf = (limits = ROOM) => {
    const cache = new RememberedPrincipals(limits);
    return {
      cache,
      remember: (key: string, sessionId: string, userId: string, { until = Infinity, text = '' } = {}) =>
        cache.set(key, found(sessionId, userId, text), until),
      knows: (...keys: string[]) => keys.map((key) => cache.get(key, 0) !== null),
    };
  };

  it('gives back the principal, whose objects are made anew each time', () => {
    const { cache, remember } = cacheOf();
    remember('key', 's1', 'u1', { until: 10 });
    const [one, two] = [cache.get('key', 0)?.open(), cache.get('key', 0)?.open()];
    expect(one).toEqual({ session: { id: 's1' }, user: { id: 'u1', name: '' }, credentialId: 's1' });
    expect(one?.user).not.toBe(two?.user);
    expect(cache.get('another', 0)).toBeNull();
  });

  it('a verdict counts before its end, and is gone from then on', () => {
    const { cache, remember } = cacheOf();
    remember('key', 's1', 'u1', { until: 10 });
    expect(cache.get('key', 9.9)).not.toBeNull();
    expect(cache.get('key', 10)).toBeNull();
    expect(cache.size).toBe(0);
  });

  it('a session revoked → each of its credentials is forgotten, and no other session', () => {
    const { cache, remember, knows } = cacheOf();
    remember('raw', 's1', 'u1');
    remember('cookie', 's1', 'u1');
    remember('other', 's2', 'u1');
    cache.forget(digest('s1'));
    expect(knows('raw', 'cookie', 'other')).toEqual([false, false, true]);
  });

  it('a user revoked → each of three sessions is forgotten, and no other user', () => {
    const { cache, remember, knows } = cacheOf();
    for (const session of ['s1', 's2', 's3']) remember(session, session, 'u1');
    remember('s2 again', 's2', 'u1');
    remember('s4', 's4', 'u2');
    cache.forget(digest('u1'));
    expect(knows('s1', 's2', 's3', 's2 again', 's4')).toEqual([false, false, false, false, true]);
  });

  it('everything revoked → nothing is left, and what is remembered afterwards can be revoked again', () => {
    const { cache, remember, knows } = cacheOf();
    remember('a', 's1', 'u1');
    remember('b', 's2', 'u2');
    cache.clear();
    expect([cache.size, cache.bytes]).toEqual([0, 0]);
    remember('a', 's1', 'u1');
    cache.forget(digest('u1'));
    expect(knows('a')).toEqual([false]);
  });

  it('a session that was forgotten leaves its user’s other session to be revoked', () => {
    const { cache, remember, knows } = cacheOf();
    remember('a', 's1', 'u1');
    remember('b', 's2', 'u1');
    cache.forget(digest('s1'));
    expect(knows('a', 'b')).toEqual([false, true]);
    cache.forget(digest('u1'));
    expect(knows('b')).toEqual([false]);
  });

  it('the same credential remembered again stays one, and is forgotten as one', () => {
    const { cache, remember, knows } = cacheOf();
    for (let round = 0; round < 3; round++) remember('key', 's1', 'u1');
    expect(cache.size).toBe(1);
    cache.forget(digest('s1'));
    expect(knows('key')).toEqual([false]);
  });

  it('the least recently used goes first', () => {
    const { cache, remember, knows } = cacheOf({ ...ROOM, maxCredentials: 3 });
    for (const key of ['a', 'b', 'c']) remember(key, key, key);
    cache.get('a', 0);
    remember('d', 'd', 'd');
    expect(knows('a', 'b', 'c', 'd')).toEqual([true, false, true, true]);
  });

  it('a session keeps its eight latest spellings, however many are tried, and pushes nobody out', () => {
    const { cache, remember, knows } = cacheOf({ ...ROOM, maxCredentials: 20 });
    for (let index = 0; index < 12; index++) remember(`other ${index}`, `s${index}`, `u${index}`);
    for (let index = 0; index < 200; index++) remember(`spelling ${index}`, 'busy', 'u');
    expect(cache.size).toBe(20);
    expect(knows('other 0', 'spelling 191', 'spelling 192', 'spelling 199')).toEqual([true, false, true, true]);
  });

  it('a spelling remembered again takes no other’s place', () => {
    const { remember, knows } = cacheOf();
    const spellings = Array.from({ length: 8 }, (_, index) => `spelling ${index}`);
    for (const spelling of [...spellings, 'spelling 0', 'spelling 5']) remember(spelling, 's1', 'u1');
    expect(knows(...spellings)).toEqual(spellings.map(() => true));
    remember('a ninth', 's1', 'u1');
    expect(knows(...spellings, 'a ninth').filter(Boolean)).toHaveLength(8);
  });

  it('a row of 16 KiB is remembered, and one of a byte more is not', () => {
    const { remember, knows } = cacheOf();
    const room = 16_384 - bytesOf(['s1', 'u1', '']);
    remember('largest', 's1', 'u1', { text: 'x'.repeat(room) });
    remember('larger', 's1', 'u1', { text: 'x'.repeat(room + 1) });
    expect(knows('largest', 'larger')).toEqual([true, false]);
  });

  it('is bounded in bytes as well as in entries', () => {
    const { cache, remember, knows } = cacheOf({ maxCredentials: 1_000, maxBytes: 100_000 });
    for (let index = 0; index < 100; index++)
      remember(`key ${index}`, `s${index}`, `u${index}`, { text: 'x'.repeat(9_000) });
    expect(cache.bytes).toBeGreaterThan(80_000);
    expect(cache.bytes).toBeLessThanOrEqual(100_000);
    expect(knows('key 0', 'key 99')).toEqual([false, true]);
  });

  it('a row too large is never remembered, and pushes nobody out', () => {
    const { cache, remember, knows } = cacheOf({ maxCredentials: 1_000, maxBytes: 10_000 });
    remember('small', 's1', 'u1');
    remember('large', 's2', 'u2', { text: 'x'.repeat(17_000) });
    remember('larger than all', 's3', 'u3', { text: 'x'.repeat(12_000) });
    expect(knows('small', 'large', 'larger than all')).toEqual([true, false, false]);
    // Nor is anything of them left in the indexes.
    cache.forget(digest('u2'));
    cache.forget(digest('u3'));
    expect(cache.size).toBe(1);
  });

  it('sessions and spellings of one user share what they have in common', () => {
    const { cache } = cacheOf();
    const shared = jest.spyOn(Snapshot.prototype, 'read');
    try {
      for (const [key, sessionId] of [
        ['a', 's1'],
        ['b', 's1'],
        ['c', 's2'],
      ] as const) {
        cache.set(key, found(sessionId, 'u1', Snapshot.of({ theme: 'dark' })), Infinity);
        cache.get(key, 0)?.open();
      }
      expect(new Set(shared.mock.contexts).size).toBe(1);
      expect(shared).toHaveBeenCalledTimes(3);
    } finally {
      shared.mockRestore();
    }
  });
});
