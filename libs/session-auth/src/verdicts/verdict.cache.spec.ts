import type { Identity } from '../auth.types.ts';
import { digest } from './digest.ts';
import { bytesOf, Snapshot } from './packed.ts';
import { VerdictCache } from './verdict.cache.ts';

const ROOM = { maxCredentials: 100, maxBytes: 2 ** 20 };

/** What is packed here is the session's id, the user's and a text. */
const unpack = ([sessionId, userId, text]: readonly unknown[]): Identity =>
  ({ user: { id: userId, name: text }, session: { id: sessionId, userId } }) as unknown as Identity;

describe('VerdictCache', () => {
  const cacheOf = (limits = ROOM) => {
    const cache = new VerdictCache(limits, unpack);
    const found = (sessionId: string, userId: string, text = '') => ({
      sessionId,
      userId,
      packed: [sessionId, userId, text],
    });
    return {
      cache,
      found,
      remember: (key: string, sessionId: string, userId: string, { until = Infinity, text = '' } = {}) =>
        cache.commit(cache.begin(), key, found(sessionId, userId, text), 'token', until),
      knows: (...keys: string[]) => keys.map((key) => cache.get(key, 0) !== undefined),
    };
  };

  it('gives back the identity and the kind of its credential, an object of its own each time', () => {
    const { cache, found } = cacheOf();
    cache.commit(cache.begin(), 'key', found('s1', 'u1'), 'cookie', 10);
    expect(cache.get('key', 0)).toEqual({ identity: unpack(['s1', 'u1', '']), credential: 'cookie' });
    expect(cache.get('key', 0)?.identity).not.toBe(cache.get('key', 0)?.identity);
    expect(cache.get('another', 0)).toBeUndefined();
  });

  it('a verdict counts before its end, and is gone from then on', () => {
    const { cache, remember } = cacheOf();
    remember('key', 's1', 'u1', { until: 10 });
    expect(cache.get('key', 9.9)).toBeDefined();
    expect(cache.get('key', 10)).toBeUndefined();
    expect(cache.size).toBe(0);
  });

  it('a session revoked → each of its credentials is forgotten, and no other session', () => {
    const { cache, remember, knows } = cacheOf();
    remember('raw', 's1', 'u1');
    remember('cookie', 's1', 'u1');
    remember('other', 's2', 'u1');
    cache.revoke({ scope: 'session', key: digest('s1') });
    expect(knows('raw', 'cookie', 'other')).toEqual([false, false, true]);
  });

  it('a user revoked → each of three sessions is forgotten, and no other user', () => {
    const { cache, remember, knows } = cacheOf();
    for (const session of ['s1', 's2', 's3']) remember(session, session, 'u1');
    remember('s2 again', 's2', 'u1');
    remember('s4', 's4', 'u2');
    cache.revoke({ scope: 'user', key: digest('u1') });
    expect(knows('s1', 's2', 's3', 's2 again', 's4')).toEqual([false, false, false, false, true]);
  });

  it('everything revoked → nothing is left, and what is remembered afterwards can be revoked again', () => {
    const { cache, remember, knows } = cacheOf();
    remember('a', 's1', 'u1');
    remember('b', 's2', 'u2');
    cache.revoke({ scope: 'all' });
    expect([cache.size, cache.bytes]).toEqual([0, 0]);
    remember('a', 's1', 'u1');
    cache.revoke({ scope: 'user', key: digest('u1') });
    expect(knows('a')).toEqual([false]);
  });

  it('a session that was forgotten leaves its user’s other session to be revoked', () => {
    const { cache, remember, knows } = cacheOf();
    remember('a', 's1', 'u1');
    remember('b', 's2', 'u1');
    cache.revoke({ scope: 'session', key: digest('s1') });
    expect(knows('a', 'b')).toEqual([false, true]);
    cache.revoke({ scope: 'user', key: digest('u1') });
    expect(knows('b')).toEqual([false]);
  });

  it('the same credential remembered again stays one, and is forgotten as one', () => {
    const { cache, remember, knows } = cacheOf();
    for (let round = 0; round < 3; round++) remember('key', 's1', 'u1');
    expect(cache.size).toBe(1);
    cache.revoke({ scope: 'session', key: digest('s1') });
    expect(knows('key')).toEqual([false]);
  });

  it.each([
    ['its session', { scope: 'session', key: digest('s1') }],
    ['its user', { scope: 'user', key: digest('u1') }],
    ['everything', { scope: 'all' }],
  ] as const)('a lookup overtaken by a revocation of %s is not remembered', (_, revocation) => {
    const { cache, found } = cacheOf();
    const lookup = cache.begin();
    cache.revoke(revocation);
    expect(cache.commit(lookup, 'key', found('s1', 'u1'), 'token', Infinity)).toBe(false);
    expect(cache.size).toBe(0);
  });

  it('a lookup that was discarded stands in no other’s way', () => {
    const { cache, remember } = cacheOf();
    cache.discard(cache.begin());
    cache.revoke({ scope: 'all' });
    expect(remember('key', 's1', 'u1')).toBe(true);
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

  it('a row too large is never remembered, pushes nobody out, and its verdict counts all the same', () => {
    const { cache, remember, knows } = cacheOf({ maxCredentials: 1_000, maxBytes: 10_000 });
    remember('small', 's1', 'u1');
    expect(remember('large', 's2', 'u2', { text: 'x'.repeat(17_000) })).toBe(true);
    expect(remember('larger than all', 's3', 'u3', { text: 'x'.repeat(12_000) })).toBe(true);
    expect(knows('small', 'large', 'larger than all')).toEqual([true, false, false]);
    // Nor is anything of them left in the indexes.
    cache.revoke({ scope: 'user', key: digest('u2') });
    cache.revoke({ scope: 'user', key: digest('u3') });
    expect(cache.size).toBe(1);
  });

  it('sessions and spellings of one user share what they have in common', () => {
    const seen: unknown[] = [];
    const cache = new VerdictCache(ROOM, (packed) => {
      seen.push(packed[2]);
      return unpack(packed);
    });
    const settings = () => Snapshot.of({ theme: 'dark' });
    for (const [key, sessionId] of [
      ['a', 's1'],
      ['b', 's1'],
      ['c', 's2'],
    ] as const) {
      cache.commit(
        cache.begin(),
        key,
        { sessionId, userId: 'u1', packed: [sessionId, 'u1', settings()] },
        'token',
        Infinity,
      );
      cache.get(key, 0);
    }
    expect(seen[1]).toBe(seen[0]);
    expect(seen[2]).toBe(seen[0]);
  });
});
