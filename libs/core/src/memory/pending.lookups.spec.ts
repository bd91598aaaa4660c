import { PendingLookups } from './pending.lookups.ts';

describe('PendingLookups', () => {
  it('a revocation makes stale what was sent before it, and nothing sent after', () => {
    const lookups = new PendingLookups();
    const before = lookups.begin();
    lookups.revoke({ scope: 'session', key: 's1' });
    const after = lookups.begin();
    expect(lookups.isStale(before, ['s1', 'u1'])).toBe(true);
    expect(lookups.isStale(after, ['s1', 'u1'])).toBe(false);
    expect(lookups.isStale(before, ['s2', 'u1'])).toBe(false);
  });

  it('a revocation of the user, or of everything, makes stale too', () => {
    const lookups = new PendingLookups();
    const first = lookups.begin();
    lookups.revoke({ scope: 'user', key: 'u1' });
    expect(lookups.isStale(first, ['s1', 'u1'])).toBe(true);
    expect(lookups.isStale(first, ['s1', 'u2'])).toBe(false);
    const second = lookups.begin();
    lookups.revoke({ scope: 'all' });
    expect(lookups.isStale(second, ['s9', 'u9'])).toBe(true);
    expect(lookups.isStale(lookups.begin(), ['s9', 'u9'])).toBe(false);
  });

  it('revoked twice, the later one counts', () => {
    const lookups = new PendingLookups();
    lookups.begin();
    lookups.revoke({ scope: 'session', key: 's1' });
    const between = lookups.begin();
    lookups.revoke({ scope: 'session', key: 's1' });
    expect(lookups.isStale(between, ['s1', 'u1'])).toBe(true);
  });

  it('nothing is kept while no lookup is under way, and none is kept waiting by one that ended', () => {
    const lookups = new PendingLookups();
    lookups.revoke({ scope: 'session', key: 's1' });
    const first = lookups.begin();
    expect(lookups.isStale(first, ['s1', 'u1'])).toBe(false);
    lookups.revoke({ scope: 'session', key: 's1' });
    const second = lookups.begin();
    lookups.end(first);
    expect(lookups.isStale(second, ['s1', 'u1'])).toBe(false);
    lookups.revoke({ scope: 'session', key: 's2' });
    expect(lookups.isStale(second, ['s2', 'u1'])).toBe(true);
  });

  it('a flood of revocations makes every waiting lookup stale rather than take room without end', () => {
    const lookups = new PendingLookups();
    const lookup = lookups.begin();
    for (let index = 0; index < 10_000; index++) lookups.revoke({ scope: 'session', key: `s${index}` });
    expect(lookups.isStale(lookup, ['untouched', 'u1'])).toBe(false);
    lookups.revoke({ scope: 'session', key: 'one more' });
    expect(lookups.isStale(lookup, ['untouched', 'u1'])).toBe(true);
    expect(lookups.isStale(lookups.begin(), ['untouched', 'u1'])).toBe(false);
  });
});
