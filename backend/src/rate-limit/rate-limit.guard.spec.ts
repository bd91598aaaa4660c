import type { ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Env } from '../env.ts';
import { ProblemException } from '../http/errors/problem.exception.ts';
import { AddressStanding } from './address.standing.ts';
import { MemoryRateLimiter } from './memory.rate-limiter.ts';
import { NoRateLimit, RateLimit } from './rate-limit.decorators.ts';
import { RateLimitGuard } from './rate-limit.guard.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { RefusalLimit } from './refusal.limit.ts';

class Handlers {
  general(): void {}
  @RateLimit(2) own(): void {}
  @RateLimit(2) another(): void {}
  @NoRateLimit() open(): void {}
}

interface Asked {
  readonly user?: string;
  readonly ip?: string;
  readonly handler?: keyof Handlers;
}

function setUp({ off = false, maxKeys = 100 }: { off?: boolean; maxKeys?: number } = {}) {
  let now = 0;
  const rateLimit = off ? undefined : 3;
  const env = { rateLimit } as unknown as Env;
  const limiter = new MemoryRateLimiter(() => now, maxKeys);
  const standing = new AddressStanding(rateLimit, () => now);
  const refusals = new RefusalLimit(limiter, standing, env);
  const guard = new RateLimitGuard(limiter, refusals, env);
  return {
    standing,
    pass: (ms: number) => (now += ms),
    /** What the client sees: the headers, or the status of the refusal with its own. */
    ask: ({ user, ip = '192.0.2.1', handler = 'general' }: Asked): Record<string, unknown> => {
      const headers: Record<string, unknown> = {};
      const request = { ip, ...(user !== undefined && { user: { id: user } }) };
      const context = {
        getHandler: () => Handlers.prototype[handler],
        getClass: () => Handlers,
        switchToHttp: () => ({
          getRequest: () => request,
          getResponse: () => ({ header: (name: string, value: unknown) => (headers[name] = value) }),
        }),
      } as unknown as ExecutionContext;
      let passed: unknown;
      try {
        passed = guard.canActivate(context);
      } catch (refusal) {
        if (!(refusal instanceof ProblemException)) throw refusal;
        return { status: refusal.getStatus(), ...refusal.headers };
      }
      expect(passed).toBe(true);
      // What is refused later on, by its handler, isn't counted again.
      void refusals.count(request as FastifyRequest, {} as FastifyReply);
      return headers;
    },
  };
}

it('counts down, refuses the one after the limit, and begins anew a minute later', () => {
  const { ask, pass } = setUp();
  expect(ask({ user: 'ada' })).toEqual({ 'ratelimit-limit': 3, 'ratelimit-remaining': 2, 'ratelimit-reset': 60 });
  pass(30_500);
  expect(ask({ user: 'ada' })).toEqual({ 'ratelimit-limit': 3, 'ratelimit-remaining': 1, 'ratelimit-reset': 30 });
  expect(ask({ user: 'ada' })).toMatchObject({ 'ratelimit-remaining': 0 });
  expect(ask({ user: 'ada' })).toEqual({
    status: 429,
    'retry-after': '30',
    'ratelimit-limit': '3',
    'ratelimit-remaining': '0',
    'ratelimit-reset': '30',
  });
  pass(29_400);
  expect(ask({ user: 'ada' })).toMatchObject({ status: 429, 'retry-after': '1' });
  pass(100);
  expect(ask({ user: 'ada' })).toMatchObject({ 'ratelimit-remaining': 2 });
});

it('a flood of addresses makes it forget no user, and a flood of users no address', () => {
  const { ask } = setUp({ maxKeys: 10 });
  ask({ user: 'ada' });
  ask({ ip: '198.51.100.1' });
  for (let index = 0; index < 100; index += 1) ask({ ip: `192.0.2.${index}` });
  expect(ask({ user: 'ada' })).toMatchObject({ 'ratelimit-remaining': 1 });
  expect(ask({ ip: '198.51.100.1' })).toMatchObject({ 'ratelimit-remaining': 2 });
  for (let index = 0; index < 100; index += 1) ask({ user: `user ${index}` });
  expect(ask({ ip: '198.51.100.1' })).toMatchObject({ 'ratelimit-remaining': 1 });
});

it('a user whose id reads like an address is not that address', () => {
  const { ask } = setUp();
  ask({ user: '192.0.2.1' });
  expect(ask({ ip: '192.0.2.1' })).toMatchObject({ 'ratelimit-remaining': 2 });
});

it('a user is one, wherever they come from; an address is one, whoever is signed in behind it', () => {
  const { ask } = setUp();
  for (const ip of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) ask({ user: 'ada', ip });
  expect(ask({ user: 'ada', ip: '192.0.2.4' })).toMatchObject({ status: 429 });
  expect(ask({ user: 'ben', ip: '192.0.2.4' })).toMatchObject({ 'ratelimit-remaining': 2 });
  expect(ask({ ip: '192.0.2.4' })).toMatchObject({ 'ratelimit-remaining': 2 });
});

it('a route with a limit of its own counts apart from the others, for users and addresses', () => {
  for (const who of [{ user: 'ada' }, { ip: '192.0.2.9' }]) {
    const { ask } = setUp();
    ask({ ...who, handler: 'own' });
    expect(ask({ ...who, handler: 'own' })).toMatchObject({ 'ratelimit-limit': 2, 'ratelimit-remaining': 0 });
    expect(ask({ ...who, handler: 'own' })).toMatchObject({ status: 429, 'ratelimit-limit': '2' });
    expect(ask({ ...who, handler: 'another' })).toMatchObject({ 'ratelimit-remaining': 1 });
    expect(ask(who)).toMatchObject({ 'ratelimit-limit': 3, 'ratelimit-remaining': 2 });
  }
});

it('a route without a limit says and counts nothing; nor does any with RATE_LIMIT=off', () => {
  const { ask } = setUp();
  for (let index = 0; index < 9; index += 1) expect(ask({ user: 'ada', handler: 'open' })).toEqual({});
  expect(ask({ user: 'ada' })).toMatchObject({ 'ratelimit-remaining': 2 });
  const without = setUp({ off: true });
  for (let index = 0; index < 9; index += 1) expect([without.ask({ user: 'ada' }), without.ask({})]).toEqual([{}, {}]);
});

it('with counters elsewhere it waits for their answer, and then decides as it does at once', async () => {
  let hits = 0;
  const env = { rateLimit: 1 } as unknown as Env;
  const limiter = { hit: () => Promise.resolve({ hits: (hits += 1), resetMs: 1_000 }) } as unknown as RateLimiter;
  const guard = new RateLimitGuard(limiter, new RefusalLimit(limiter, new AddressStanding(1), env), env);
  const context = {
    getHandler: () => Handlers.prototype.general,
    getClass: () => Handlers,
    switchToHttp: () => ({
      getRequest: () => ({ user: { id: 'ada' } }),
      getResponse: () => ({ header: () => undefined }),
    }),
  } as unknown as ExecutionContext;
  expect(await guard.canActivate(context)).toBe(true);
  await expect(guard.canActivate(context)).rejects.toMatchObject({ status: 429 });
});

it('an address that asked without a user up to its limit makes no lookup either', () => {
  const { ask, standing } = setUp();
  for (let index = 0; index < 2; index += 1) ask({});
  expect(standing.refusal('192.0.2.1')).toBeUndefined();
  ask({});
  expect(standing.refusal('192.0.2.1')).toMatchObject({ status: 429 });
});

describe('AddressStanding', () => {
  const from = (ip: string) => ({ ip, headers: {} });
  const state = (hits: number, resetMs = 60_000) => ({ hits, resetMs });

  it('refuses an address from its limit on until its minute ends, and no other', () => {
    const { standing, pass } = setUp();
    standing.note('192.0.2.1', state(2));
    expect(standing.refusal('192.0.2.1')).toBeUndefined();
    standing.note('192.0.2.1', state(3));
    expect(standing.refusal('192.0.2.1')).toMatchObject({ status: 429, headers: { 'retry-after': '60' } });
    expect(standing.refusal('::ffff:192.0.2.1')).toMatchObject({ status: 429 });
    expect(standing.refusal('192.0.2.2')).toBeUndefined();
    pass(59_999);
    expect(standing.refusal('192.0.2.1')).toMatchObject({ headers: { 'retry-after': '1' } });
    pass(1);
    expect(standing.refusal('192.0.2.1')).toBeUndefined();
  });

  it('lookups under way count until they end, and no longer', () => {
    const { standing } = setUp();
    standing.note('192.0.2.1', state(1));
    standing.begin(from('192.0.2.1'));
    standing.begin(from('192.0.2.1'));
    expect(() => standing.begin(from('192.0.2.1'))).toThrow('Too many requests');
    expect(() => standing.begin(from('192.0.2.2'))).not.toThrow();
    standing.end(from('192.0.2.1'));
    expect(() => standing.begin(from('192.0.2.1'))).not.toThrow();
    // What was refused has begun nothing, and what ends twice frees nothing.
    for (let index = 0; index < 9; index += 1) standing.end(from('192.0.2.1'));
    standing.begin(from('192.0.2.1'));
    standing.begin(from('192.0.2.1'));
    expect(() => standing.begin(from('192.0.2.1'))).toThrow('Too many requests');
  });

  it('says when to come back while lookups are under way, and counts those that outlive their minute', () => {
    const { standing, pass } = setUp();
    standing.note('192.0.2.1', state(1));
    standing.begin(from('192.0.2.1'));
    standing.begin(from('192.0.2.1'));
    pass(30_000);
    const headers: unknown = expect.objectContaining({ 'retry-after': '30' });
    expect(() => standing.begin(from('192.0.2.1'))).toThrow(expect.objectContaining({ headers }) as Error);
    pass(30_000);
    standing.begin(from('192.0.2.1'));
    expect(() => standing.begin(from('192.0.2.1'))).toThrow('Too many requests');
  });

  it('goes by the clock of the process', () => {
    const standing = new AddressStanding(1);
    standing.note('192.0.2.1', state(1));
    expect(standing.refusal('192.0.2.1')).toMatchObject({ headers: { 'retry-after': '60' } });
  });

  it('knows 100,000 addresses, and forgets the oldest for one more', () => {
    const { standing } = setUp();
    standing.note('192.0.2.1', state(3));
    for (let index = 1; index < 100_000; index += 1) standing.note(`address ${index}`, state(1));
    expect(standing.refusal('192.0.2.1')).toBeDefined();
    standing.note('one more', state(1));
    expect(standing.refusal('192.0.2.1')).toBeUndefined();
  });

  it('a count that arrives late takes nothing back', () => {
    const { standing } = setUp();
    standing.note('192.0.2.1', state(3));
    standing.note('192.0.2.1', state(2));
    expect(standing.refusal('192.0.2.1')).toBeDefined();
  });

  it('without a limit, and for what has no address, it refuses nothing', () => {
    const free = new AddressStanding(undefined);
    free.note('192.0.2.1', state(1_000));
    expect(free.refusal('192.0.2.1')).toBeUndefined();
    for (let index = 0; index < 9; index += 1) {
      free.begin(from('192.0.2.1'));
      for (const request of [{ headers: {} }, { headers: {}, ip: 5 }]) {
        setUp().standing.begin(request);
        setUp().standing.end(request);
      }
    }
  });
});
