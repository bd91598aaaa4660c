import { EventEmitter } from 'node:events';
import type { ClientConfig } from 'pg';
import type { AuthObserver } from '../observer.ts';
import { PostgresRevocationFeed } from './postgres.feed.ts';
import { isProven } from './revocation.feed.ts';

/** What the test decides about PostgreSQL; `test/revocation.channel.test.ts` has a real one behind a slow network. */
const server = {
  clients: [] as FakeClient[],
  connect: (): Promise<void> => Promise.resolve(),
  pid: 7,
  listen: (): Promise<unknown> => Promise.resolve(),
  beat: (_number: string): Promise<unknown> => Promise.resolve(),
  end: (): Promise<void> => Promise.resolve(),
};

class FakeClient extends EventEmitter {
  readonly processID = 7;
  readonly statements: string[] = [];
  readonly beats: { channel: string; number: string }[] = [];
  ended = 0;
  destroyed = 0;
  readonly connection = { stream: { destroy: () => (this.destroyed += 1) } };

  constructor(readonly config: ClientConfig) {
    super();
    server.clients.push(this);
  }

  connect(): Promise<void> {
    return server.connect();
  }

  query(text: string, [channel = '', number = '']: string[] = []): Promise<unknown> {
    this.statements.push(text);
    if (text.startsWith('listen')) return server.listen();
    if (!text.includes('pg_notify')) return Promise.resolve({ rows: [{ pid: server.pid }] });
    this.beats.push({ channel, number });
    return server.beat(number);
  }

  end(): Promise<void> {
    this.ended += 1;
    return server.end();
  }

  /** The heartbeat comes back through the queue. */
  echo({ channel, number } = this.beats.at(-1) ?? { channel: '', number: '' }): void {
    this.emit('notification', { channel, payload: number });
  }
}

jest.mock('pg', () => ({
  Client: class {
    constructor(config: ClientConfig) {
      return new FakeClient(config);
    }
  },
}));

const DEFAULTS = { ...server };
const never = () => new Promise<never>(() => undefined);

describe('PostgresRevocationFeed', () => {
  let channel: PostgresRevocationFeed;
  let events: unknown[];
  const warn = jest.fn();
  const error = jest.fn();
  const log = { warn, error, log: () => undefined };

  beforeEach(() => {
    jest.useFakeTimers();
    // The longest pause before the next attempt.
    jest.spyOn(Math, 'random').mockReturnValue(1);
    Object.assign(server, DEFAULTS, { clients: [] });
    events = [];
    channel = new PostgresRevocationFeed({ connectionString: 'postgres://db' }, log, {
      channel: (state) => void events.push(state),
      revocation: (scope) => void events.push(`observed ${scope}`),
      heartbeat: (milliseconds) => void events.push(milliseconds),
    });
    channel.subscribe(({ scope }) => events.push(scope));
  });
  afterEach(async () => {
    await channel.stop();
    jest.useRealTimers();
    warn.mockClear();
    error.mockClear();
  });

  const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);
  const isAlive = () => isProven(channel, performance.now());
  const client = (index = 0): FakeClient => server.clients[index]!;

  it('listens to revocations and to a channel of its own, on a connection with bounds and a name', async () => {
    await channel.start();
    expect(client().config).toEqual({
      connectionString: 'postgres://db',
      application_name: 'session-guard-listen',
      keepAlive: true,
      connectionTimeoutMillis: 3_000,
      query_timeout: 3_000,
    });
    expect(client().statements[0]).toBe('select pg_backend_pid() as pid');
    expect(client().statements[1]).toMatch(
      /^listen "session_guard_revocation"; listen "session_guard_beat_[0-9a-f]{32}"$/,
    );
    expect(`"${client().beats[0]?.channel}"`).toBe(client().statements[1]?.split(' ').at(-1));
  });

  it('forgets everything once it listens, and is alive', async () => {
    expect(isAlive()).toBe(false);
    await channel.start();
    expect(events).toEqual(['all', 'observed all', 'listening']);
    expect(isAlive()).toBe(true);
  });

  it('proves life from when LISTEN was sent, not from when it was answered', async () => {
    server.listen = () => pass(400);
    await channel.start();
    await pass(599);
    expect(isAlive()).toBe(true);
    await pass(1);
    expect(isAlive()).toBe(false);
  });

  it('sends a numbered heartbeat at once and every 200 ms, and stays alive while they come back', async () => {
    await channel.start();
    for (let beat = 1; beat <= 30; beat += 1) {
      expect(client().beats).toHaveLength(beat);
      client().echo();
      await pass(199);
      expect(client().beats).toHaveLength(beat);
      await pass(1);
    }
    expect(isAlive()).toBe(true);
    expect(new Set(client().beats.map(({ number }) => number)).size).toBe(31);
    expect(server.clients).toHaveLength(1);
  });

  it('a heartbeat that comes back proves life from when it was sent', async () => {
    await channel.start();
    await pass(700);
    client().echo();
    expect(events.at(-1)).toBe(700);
    await pass(299);
    expect(isAlive()).toBe(true);
    await pass(1);
    expect(isAlive()).toBe(false);
  });

  it('sends no second heartbeat while one is under way', async () => {
    await channel.start();
    await pass(2_900);
    expect(client().beats).toHaveLength(1);
    client().echo();
    await pass(200);
    expect(client().beats).toHaveLength(2);
  });

  it.each([
    ['a number that wasn’t sent', () => ({ channel: client().beats[0]!.channel, number: '99' })],
    ['what is no number', () => ({ channel: client().beats[0]!.channel, number: '' })],
    ['another instance’s heartbeat', () => ({ channel: 'session_guard_beat_of_another', number: '1' })],
  ])('%s proves nothing', async (_what, beat) => {
    await channel.start();
    await pass(1_000);
    client().echo(beat());
    expect(isAlive()).toBe(false);
  });

  it('a heartbeat proves once: heard again, it proves nothing', async () => {
    await channel.start();
    const [first] = client().beats;
    client().echo(first);
    await pass(200);
    client().echo();
    const told = events.length;
    client().echo(first);
    expect(events).toHaveLength(told);
  });

  it.each([
    ['nobody', undefined],
    ['somebody who wants to know none of it', {}],
  ])('does the same when %s observes it', async (_who, observer: AuthObserver | undefined) => {
    const heard: unknown[] = [];
    const unobserved = new PostgresRevocationFeed({}, log, observer);
    unobserved.subscribe(({ scope }) => heard.push(scope));
    await unobserved.start();
    for (let beat = 1; beat <= 10; beat += 1) {
      await pass(200);
      client().echo();
    }
    expect(isProven(unobserved, performance.now())).toBe(true);
    client().emit('notification', { channel: 'session_guard_revocation', payload: `u:${'A'.repeat(43)}=` });
    client().emit('end');
    await pass(100);
    expect(heard).toEqual(['all', 'user', 'all', 'all']);
    expect(server.clients).toHaveLength(2);
    await unobserved.stop();
  });

  it('hands on what is revoked, and takes what it doesn’t understand for everything', async () => {
    await channel.start();
    events.length = 0;
    const digits = `${'A'.repeat(43)}=`;
    for (const payload of [`s:${digits}`, `u:${digits}`, 'nonsense', undefined]) {
      client().emit('notification', { channel: 'session_guard_revocation', payload });
    }
    expect(events).toEqual([
      'session',
      'observed session',
      'user',
      'observed user',
      'all',
      'observed all',
      'all',
      'observed all',
    ]);
    expect(client().beats).toHaveLength(1);
  });

  it('silent for over three seconds, the connection is replaced and everything is forgotten', async () => {
    await channel.start();
    events.length = 0;
    await pass(3_000);
    expect(events).toEqual([]);
    await pass(200);
    expect(events).toEqual(['all', 'observed all', 'lost']);
    expect([client().destroyed, client().ended]).toEqual([1, 0]);
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/channel was lost: verdicts come from the database/)]]);
    await pass(99);
    expect(server.clients).toHaveLength(1);
    await pass(1);
    expect(server.clients).toHaveLength(2);
    expect(events.slice(3)).toEqual(['all', 'observed all', 'listening']);
    expect(isAlive()).toBe(true);
    // What the first one left under way doesn't hold up the second's heartbeats.
    expect(client(1).beats).toHaveLength(1);
  });

  it('a connection made after a long absence gets its three seconds too', async () => {
    server.connect = () => Promise.reject(new Error('away'));
    await channel.start();
    await pass(60_000);
    server.connect = DEFAULTS.connect;
    await pass(5_000);
    expect(events.at(-1)).toBe('listening');
    await pass(2_900);
    expect(events.at(-1)).toBe('listening');
  });

  it.each<[string, (client: FakeClient) => unknown]>([
    ['an error of the connection', (made) => made.emit('error', new Error('reset'))],
    ['its end', (made) => made.emit('end')],
  ])('%s ends the proof at once, and what it says later is neither heard nor fatal', async (_what, happens) => {
    await channel.start();
    happens(client());
    expect(isAlive()).toBe(false);
    expect(events.slice(3)).toEqual(['all', 'observed all', 'lost']);
    client().emit('error', new Error('late'));
    client().emit('end');
    client().echo();
    expect(events).toHaveLength(6);
    await pass(1_000);
    expect(client().beats).toHaveLength(1);
    expect(server.clients).toHaveLength(2);
  });

  it('a heartbeat that can’t be sent is a loss', async () => {
    server.beat = () => Promise.reject(new Error('broken'));
    await channel.start();
    await pass(0);
    expect(events.at(-1)).toBe('lost');
    expect(isAlive()).toBe(false);
  });

  it('tries again after pauses that double up to five seconds, and from the start once it listened', async () => {
    server.connect = () => Promise.reject(new Error('away'));
    await channel.start();
    let attempts = 1;
    for (const pause of [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]) {
      expect(server.clients).toHaveLength(attempts);
      await pass(pause - 1);
      expect(server.clients).toHaveLength(attempts);
      await pass(1);
      expect(server.clients).toHaveLength((attempts += 1));
    }
    // Lost before it ever listened: nothing was lost that anybody had.
    expect(warn).not.toHaveBeenCalled();
    server.connect = DEFAULTS.connect;
    await pass(5_000);
    expect(isAlive()).toBe(true);
    client(attempts).emit('end');
    expect(warn).toHaveBeenCalledTimes(1);
    await pass(100);
    expect(server.clients).toHaveLength(attempts + 2);
  });

  it('pauses differ between instances, by half at most', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    server.connect = () => Promise.reject(new Error('away'));
    await channel.start();
    await pass(49);
    expect(server.clients).toHaveLength(1);
    await pass(1);
    expect(server.clients).toHaveLength(2);
  });

  it('through a pooler it never listens, says how to mend it, and tries again', async () => {
    server.pid = 8;
    await channel.start();
    expect(error).toHaveBeenCalledWith(
      expect.stringMatching(/connection pooler.*Set listenUrl \(DATABASE_LISTEN_URL\)/),
    );
    expect([isAlive(), client().destroyed, client().statements.length]).toEqual([false, 1, 1]);
    expect(events).toEqual(['all', 'observed all', 'lost']);
    server.pid = 7;
    await pass(100);
    expect(isAlive()).toBe(true);
  });

  it('an answer to LISTEN that comes after the connection was lost proves nothing', async () => {
    let answer: () => void = () => undefined;
    server.listen = () => new Promise<void>((resolve) => (answer = resolve));
    const started = channel.start();
    await pass(0);
    client().emit('end');
    server.connect = never;
    answer();
    await started;
    expect(isAlive()).toBe(false);
    expect(events).toEqual(['all', 'observed all', 'lost']);
    expect(client().beats).toEqual([]);
  });

  it('stopped, it says goodbye, isn’t alive, and nothing of it goes on', async () => {
    server.end = () => Promise.reject(new Error('broken'));
    await channel.start();
    await channel.stop();
    expect([client().ended, client().destroyed, isAlive()]).toEqual([1, 0, false]);
    expect(events.slice(3)).toEqual([]);
    client().emit('error', new Error('late'));
    client().emit('end');
    await pass(10_000);
    expect([client().beats.length, server.clients.length, events.length]).toEqual([1, 1, 3]);
  });

  it('stopped while it connects, it waits for nobody', async () => {
    server.connect = never;
    void channel.start();
    await channel.stop();
    expect([client().ended, client().destroyed]).toEqual([0, 1]);
  });

  it('stopped between two attempts, it makes no other', async () => {
    server.connect = () => Promise.reject(new Error('away'));
    await channel.start();
    await channel.stop();
    await pass(10_000);
    expect(server.clients).toHaveLength(1);
  });
});
