import type { Revocation, SessionRecord } from '@session-guard/core';
import { FeedInHand } from '../../core/test/in-memory.feed.ts';
import { found as foundSession } from '../../core/test/principals.ts';
import { digest } from '../../core/src/memory/digest.ts';
import type { AuthenticatedSession } from './auth.types.ts';
import { SessionEvents } from './session.events.ts';

const SESSION = { id: 's1', userId: 'u1' } as AuthenticatedSession;
const GOOD: SessionRecord = foundSession('s1', 'u1', '', 60_000);

describe('SessionEvents.ended', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** Somebody who watches a session, the database and the channel in the test's hand. */
  function watch({ announced = true, found = GOOD }: { announced?: boolean; found?: SessionRecord | Error } = {}) {
    const world = { found, lookups: 0, ends: [] as string[] };
    const feed = new FeedInHand();
    feed.isProven = announced;
    const findById = () => {
      world.lookups += 1;
      return world.found instanceof Error ? Promise.reject(world.found) : Promise.resolve(world.found);
    };
    const events = new SessionEvents({ findById, findByToken: findById }, feed);
    const watching = events
      .ended(SESSION)
      .subscribe({ next: (end) => world.ends.push(end), complete: () => world.ends.push('complete') });
    return { world, feed, watching, settle: (ms = 0) => jest.advanceTimersByTimeAsync(ms) };
  }

  it.each<[string, Revocation]>([
    ['the session', { scope: 'session', key: digest('s1') }],
    ['its user', { scope: 'user', key: digest('u1') }],
    ['everything, as when the channel was lost or came back', { scope: 'all' }],
  ])('a revocation of %s → the session is looked at, and ends when it is over', async (_, revocation) => {
    const { world, feed, settle } = watch();
    await settle();
    world.found = { refused: 'banned' };
    feed.announce(revocation);
    await settle();
    expect(world.ends).toEqual(['revoked', 'complete']);
    expect(feed.subscribers).toBe(0);
  });

  it.each<[string, Revocation]>([
    ['another session', { scope: 'session', key: digest('s2') }],
    ['another user', { scope: 'user', key: digest('u2') }],
    ['a session that is called like the user', { scope: 'session', key: digest('u1') }],
    ['a user who is called like the session', { scope: 'user', key: digest('s1') }],
  ])('a revocation of %s → nothing is looked at', async (_, revocation) => {
    const { world, feed, settle } = watch();
    await settle();
    feed.announce(revocation);
    await settle();
    expect(world).toMatchObject({ lookups: 1, ends: [] });
  });

  it('a change that leaves the session good ends nothing', async () => {
    const { world, feed, settle } = watch();
    await settle();
    feed.announce({ scope: 'user', key: digest('u1') });
    await settle();
    expect(world).toMatchObject({ lookups: 2, ends: [] });
  });

  it('over before anybody watched → ends at once', async () => {
    const { world, settle } = watch({ found: { refused: 'unknown_session' } });
    await settle();
    expect(world.ends).toEqual(['revoked', 'complete']);
  });

  it('at its end it is looked at again, and has expired', async () => {
    const { world, settle } = watch();
    await settle(59_999);
    expect(world.lookups).toBe(1);
    world.found = { refused: 'expired' };
    await settle(1);
    expect(world.ends).toEqual(['expired', 'complete']);
  });

  it('an end beyond what a timer can count is waited for all the same', async () => {
    const { world, settle } = watch({ found: foundSession('s1', 'u1', '', 1e12) });
    await settle(1_000);
    expect(world).toMatchObject({ lookups: 1, ends: [] });
  });

  it('a database that is away ends nothing; it is asked each second until it answers', async () => {
    const { world, settle } = watch({ found: new Error('away') });
    await settle(3_000);
    expect(world).toMatchObject({ lookups: 4, ends: [] });
    world.found = { refused: 'banned' };
    await settle(1_000);
    expect(world.ends).toEqual(['revoked', 'complete']);
  });

  it('where revocations aren’t announced, the session is looked at each second', async () => {
    const { world, settle } = watch({ announced: false });
    await settle(2_000);
    expect(world).toMatchObject({ lookups: 3, ends: [] });
    world.found = { refused: 'unknown_session' };
    await settle(1_000);
    expect(world.ends).toEqual(['revoked', 'complete']);
  });

  it('a revocation during a look leads to another one', async () => {
    const { world, feed, settle } = watch();
    feed.announce({ scope: 'session', key: digest('s1') });
    world.found = { refused: 'unknown_session' };
    await settle();
    expect(world).toMatchObject({ lookups: 2, ends: ['revoked', 'complete'] });
  });

  it('whoever stops watching is told nothing, and nothing is looked at for them', async () => {
    const { world, feed, watching, settle } = watch();
    await settle();
    watching.unsubscribe();
    world.found = { refused: 'banned' };
    feed.announce({ scope: 'all' });
    await settle(120_000);
    expect(world).toMatchObject({ lookups: 1, ends: [] });
  });

  it('however many revocations arrive, forged ones too → ten looks a second, and the end is still seen', async () => {
    const { world, feed, settle } = watch();
    for (let notice = 0; notice < 4_000; notice += 1) {
      feed.announce({ scope: 'all' });
      if (notice % 2 === 0) await settle(1);
    }
    expect(world.lookups).toBeGreaterThan(10);
    expect(world.lookups).toBeLessThanOrEqual(35);
    world.found = { refused: 'unknown_session' };
    feed.announce({ scope: 'session', key: digest('s1') });
    await settle(1_000);
    expect(world.ends).toEqual(['revoked', 'complete']);
  });
});
