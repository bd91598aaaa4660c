import { isProven, PostgresRevocationFeed, PROOF_LIFE_MS } from '@session-guard/core';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { startTcpProxy, type TcpProxy } from './processes/tcp-proxy.ts';

/** Longer than proof lasts, and short enough that the connection isn't given up. */
const LATE_MS = 1_200;

describe('the revocation channel', () => {
  let database: TestDatabase;
  let owner: pg.Pool;
  let proxy: TcpProxy;
  let feed: PostgresRevocationFeed;
  let events: string[];
  let alive: boolean[];

  beforeAll(async () => {
    database = await createTestDatabase('better-auth');
    owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
    owner.on('error', () => undefined);
  });
  afterAll(async () => {
    await owner.end();
    await database.drop();
  });
  beforeEach(async () => {
    events = [];
    alive = [];
    proxy = await startTcpProxy(database.ownerUrl);
    const log = { error: () => undefined, warn: () => undefined, log: () => undefined };
    feed = new PostgresRevocationFeed({ connectionString: proxy.url }, log, {
      channel: (state) => void events.push(state),
      heartbeat: (milliseconds) => {
        if (milliseconds >= LATE_MS) alive.push(isProven(feed, performance.now()));
      },
    });
    feed.subscribe(({ scope }) => events.push(scope));
    await feed.start();
  });
  afterEach(async () => {
    await feed.stop();
    await proxy.close();
  });

  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  it('clears the cache when it is lost, and again when it listens: revocations in between were missed', async () => {
    expect(events).toEqual(['all', 'listening']);
    await owner.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'session-guard-listen' " +
        'and datname = current_database()',
    );
    await until(() => events.length >= 6);
    expect(events).toEqual(['all', 'listening', 'all', 'lost', 'all', 'listening']);
    expect(isProven(feed, performance.now())).toBe(true);
  });

  it('a heartbeat proves that the channel was alive when it was sent, not when it arrives', async () => {
    await until(() => isProven(feed, performance.now()));
    proxy.delayAnswers(LATE_MS);
    await until(() => alive.length >= 2);
    expect(alive).toEqual([false, false]);
  });

  it('proof lasts for a second, and not at its end', () => {
    const now = performance.now();
    expect(isProven(feed, now)).toBe(true);
    expect(isProven(feed, now + PROOF_LIFE_MS)).toBe(false);
  });

  it('stopped, it is not alive, and connects no more', async () => {
    await feed.stop();
    expect(isProven(feed, performance.now())).toBe(false);
    expect(events).not.toContain('lost');
  });
});
