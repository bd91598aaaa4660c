import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { credentialSchemes, InProcessMemory, PostgresRevocationFeed, type AuthSchema } from '@session-guard/core';
import { SessionRepository, type AuthObserver, type SessionRecord } from '@session-guard/auth';
import { AUTH_CONFIG, AUTH_SCHEMA } from '../src/auth.constants.ts';
import type { AuthConfig } from '../src/auth.config.ts';
import { poolOf } from '../src/database/pool.ts';
import { SessionVerifier } from '../src/session.verifier.ts';
import { createProbe, createWorld, memoryAnswers, signUp, type ProbeApp, type World } from './fixture.ts';

/**
 * Milliseconds by which this process's clock and PostgreSQL's may part in a second: one is set by hand at times, the
 * other never.
 */
const CLOCKS_APART_MS = 100;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** A repository whose answers, once read from the database, wait until the test lets them go. */
class GatedRepository extends SessionRepository {
  lookups = 0;
  #gate: Promise<void> | undefined;
  #open: () => void = () => undefined;
  #read: () => void = () => undefined;

  /** From now on answers wait. @returns a promise that resolves once one was read from the database */
  close(): Promise<void> {
    this.#gate = new Promise((resolve) => (this.#open = resolve));
    return new Promise((resolve) => (this.#read = resolve));
  }

  open(): void {
    this.#gate = undefined;
    this.#open();
  }

  override async findByToken(token: string): Promise<SessionRecord> {
    this.lookups += 1;
    const gate = this.#gate;
    const found = await super.findByToken(token);
    this.#read();
    await gate;
    return found;
  }
}

describe('the memory of verdicts', () => {
  let world: World;
  let probe: ProbeApp;
  let checkouts = 0;
  const sources = { memory: 0, database: 0 };
  let revoked: () => void = () => undefined;
  const observer: AuthObserver = {
    verdict: (_result, source) => {
      if (source !== 'none') sources[source] += 1;
    },
    revocation: () => revoked(),
  };

  beforeAll(async () => {
    world = await createWorld();
    probe = await createProbe(world.database.ownerUrl, { observer });
    // Each statement of the verifier takes one connection from the pool, so this counts statements.
    poolOf(probe.dataSource).on('acquire', () => (checkouts += 1));
  });
  afterAll(async () => {
    await probe.app.close();
    await world.close();
  });

  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const userOf = async (verifier: SessionVerifier, token: string) => {
    const verdict = await verifier.verify(bearer(token));
    return 'identity' in verdict ? verdict.identity.user.id : verdict.refused;
  };
  /** Runs a change and waits until its revocation has arrived here. */
  const announced = async (change: () => Promise<unknown>) => {
    const arrival = new Promise<void>((resolve) => (revoked = resolve));
    await change();
    await arrival;
  };

  it.each([
    ['the session deleted', 'delete from session where token = $1', 'unknown_session'],
    [
      'the user banned',
      'update "user" set banned = true where id = (select "userId" from session where token = $1)',
      'banned',
    ],
    ['the sessions truncated', 'truncate session', 'unknown_session'],
  ])('a lookup read before a revocation and finished after it is not remembered: %s', async (_, change, refusal) => {
    const person = await signUp(world.auth);
    const gated = new GatedRepository(poolOf(probe.dataSource), probe.app.get<AuthSchema>(AUTH_SCHEMA));
    const feed = new PostgresRevocationFeed(poolOf(probe.dataSource).options, console);
    const cache = new InProcessMemory({ maxCredentials: 100, maxBytes: 2 ** 20 }, feed);
    const arrived: (() => void)[] = [];
    feed.subscribe(() => {
      for (const resolve of arrived.splice(0)) resolve();
    });
    await feed.start();
    try {
      const schemes = credentialSchemes(probe.app.get<AuthConfig>(AUTH_CONFIG));
      const verifier = new SessionVerifier(schemes, gated, cache);
      const read = gated.close();
      const racing = userOf(verifier, person.token);
      await read;
      const revocation = new Promise<void>((resolve) => arrived.push(resolve));
      await world.owner.query(change, change.includes('$1') ? [person.token] : []);
      await revocation;
      gated.open();
      // Overtaken, so it was looked up again; without the check the old answer would come back, and stay.
      expect(await racing).toBe(refusal);
      expect(cache.size).toBe(0);
      expect(gated.lookups).toBe(2);
      expect(await userOf(verifier, person.token)).toBe(refusal);
    } finally {
      await feed.stop();
    }
  });

  it('500 parallel requests with one cold token make one statement; a failed lookup is not remembered', async () => {
    const person = await signUp(world.auth);
    checkouts = 0;
    const answers = await Promise.all(Array.from({ length: 500 }, () => userOf(probe.verifier, person.token)));
    expect(new Set(answers)).toEqual(new Set([person.userId]));
    expect(checkouts).toBe(1);

    const unknown = randomBytes(16).toString('hex');
    checkouts = 0;
    expect(await userOf(probe.verifier, unknown)).toBe('unknown_session');
    expect(await userOf(probe.verifier, unknown)).toBe('unknown_session');
    expect(checkouts).toBe(2);
    await world.owner.query(
      'insert into session (id, token, "userId", "expiresAt", "updatedAt") ' +
        "values ($1, $1, $2, now() + interval '1 day', now())",
      [unknown, person.userId],
    );
    expect(await userOf(probe.verifier, unknown)).toBe(person.userId);
  });

  it('cached and uncached end at the same instant, and never after expiresAt', async () => {
    const person = await signUp(world.auth);
    await announced(() =>
      world.owner.query(`update session set "expiresAt" = now() + interval '1200 milliseconds' where token = $1`, [
        person.token,
      ]),
    );
    const { rows } = await world.owner.query<{ left: number }>(
      'select (extract(epoch from "expiresAt" - clock_timestamp()) * 1000)::float8 as left from session ' +
        'where token = $1',
      [person.token],
    );
    const end = performance.now() + (rows[0]?.left ?? 0);
    expect(await userOf(probe.verifier, person.token)).toBe(person.userId);
    let lastAccepted = 0;
    let answer: string = person.userId;
    while (answer === person.userId) {
      lastAccepted = performance.now();
      answer = await userOf(probe.verifier, person.token);
    }
    // What memory let go of, the database refuses at once: both read the same clock.
    expect(answer).toBe('expired');
    expect(lastAccepted).toBeLessThan(end + CLOCKS_APART_MS);
  });

  it('100,000 random tokens take no room, and remembered sessions are still answered from memory', async () => {
    const people = await Promise.all([signUp(world.auth), signUp(world.auth), signUp(world.auth)]);
    for (const { token, userId } of people) expect(await userOf(probe.verifier, token)).toBe(userId);
    const flood = async (count: number) => {
      let left = count;
      await Promise.all(
        Array.from({ length: 64 }, async () => {
          while (left-- > 0) await probe.verifier.verify(bearer(randomBytes(16).toString('hex')));
        }),
      );
    };
    // What the process holds. What is resident depends on when V8 gives garbage back, which a busy machine delays.
    const takenMiB = () => {
      collectGarbage();
      const { heapUsed, external } = process.memoryUsage();
      return (heapUsed + external) / 2 ** 20;
    };
    await flood(20_000);
    const before = takenMiB();
    await flood(100_000);
    const more = takenMiB() - before;
    console.log(`100,000 unknown tokens: ${more.toFixed(1)} MiB more in use`);
    expect(more).toBeLessThan(10);
    await memoryAnswers(probe);
    const { memory } = sources;
    checkouts = 0;
    for (const { token, userId } of people) expect(await userOf(probe.verifier, token)).toBe(userId);
    expect(checkouts).toBe(0);
    expect(sources.memory).toBe(memory + 3);
  }, 180_000);

  it('interleaved users never swap, and the key is the whole credential', async () => {
    const people = await Promise.all(Array.from({ length: 8 }, () => signUp(world.auth)));
    const spellings = people.flatMap(({ userId, token, signed, cookie }) => [
      { userId, headers: bearer(token) },
      { userId, headers: bearer(signed) },
      { userId, headers: bearer(encodeURIComponent(signed)) },
      { userId, headers: { cookie } },
    ]);
    await Promise.all(
      Array.from({ length: 2_000 }, async (_, index) => {
        const { userId, headers } = spellings[(index * 7) % spellings.length] ?? { userId: '', headers: {} };
        const verdict = await probe.verifier.verify(headers);
        expect('identity' in verdict && verdict.identity.user.id).toBe(userId);
      }),
    );
    // A raw token is a bearer credential, never a cookie, also once it is remembered.
    const [first] = people;
    const verdict = await probe.verifier.verify({ cookie: `better-auth.session_token=${first?.token}` });
    expect(verdict).toEqual({ refused: 'bad_signature', credential: 'cookie' });
  });

  it('a role change, a ban and a deletion of the user end what is remembered of them', async () => {
    const [changed, banned, deleted] = await Promise.all([signUp(world.auth), signUp(world.auth), signUp(world.auth)]);
    for (const { token, userId } of [changed, banned, deleted])
      expect(await userOf(probe.verifier, token)).toBe(userId);
    await announced(() => world.owner.query(`update "user" set role = 'admin' where id = $1`, [changed.userId]));
    const verdict = await probe.verifier.verify(bearer(changed.token));
    expect('identity' in verdict && verdict.identity.user.role).toBe('admin');
    await announced(() => world.owner.query(`update "user" set banned = true where id = $1`, [banned.userId]));
    expect(await userOf(probe.verifier, banned.token)).toBe('banned');
    await announced(() => world.owner.query(`delete from "user" where id = $1`, [deleted.userId]));
    expect(await userOf(probe.verifier, deleted.token)).toBe('unknown_session');
  });

  it('a refresh by Better Auth ends nothing; an expiry in the past (preserveSessionInDatabase) does', async () => {
    const person = await signUp(world.auth);
    expect(await userOf(probe.verifier, person.token)).toBe(person.userId);
    const other = await signUp(world.auth);
    await world.owner.query(
      `update session set "expiresAt" = "expiresAt" + interval '1 day', "updatedAt" = now() where token = $1`,
      [person.token],
    );
    // Notifications come in commit order: once this one is here, the refresh would have been.
    await announced(() => world.owner.query('delete from session where token = $1', [other.token]));
    await memoryAnswers(probe);
    checkouts = 0;
    expect(await userOf(probe.verifier, person.token)).toBe(person.userId);
    expect(checkouts).toBe(0);
    await announced(() => world.owner.query('update session set "expiresAt" = now() where token = $1', [person.token]));
    expect(await userOf(probe.verifier, person.token)).toBe('expired');
  });

  it('TRUNCATE of the sessions forgets everything', async () => {
    const person = await signUp(world.auth);
    expect(await userOf(probe.verifier, person.token)).toBe(person.userId);
    await announced(() => world.owner.query('truncate session'));
    expect(await userOf(probe.verifier, person.token)).toBe('unknown_session');
  });
});
