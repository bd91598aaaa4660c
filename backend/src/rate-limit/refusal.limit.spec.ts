import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Env } from '../env.ts';
import { AddressStanding } from './address.standing.ts';
import { MemoryRateLimiter } from './memory.rate-limiter.ts';
import { RateLimiter, type RateLimitState } from './rate-limiter.ts';
import { RefusalLimit } from './refusal.limit.ts';

/** Counters that are somewhere else, as Redis is: they answer later. */
class RemoteRateLimiter extends RateLimiter {
  readonly #inner = new MemoryRateLimiter(() => 0);

  override async hit(kind: 'user' | 'address', key: string): Promise<RateLimitState> {
    return Promise.resolve(this.#inner.hit(kind, key));
  }
}

function setUp(limiter: RateLimiter, rateLimit: number | undefined = 2) {
  const standing = new AddressStanding(rateLimit, () => 0);
  return { standing, refusals: new RefusalLimit(limiter, standing, { rateLimit } as unknown as Env) };
}

const from = (ip: string) => ({ ip }) as FastifyRequest;
function listen() {
  const headers: Record<string, unknown> = {};
  return {
    headers,
    reply: { header: (name: string, value: unknown) => (headers[name] = value) } as unknown as FastifyReply,
  };
}

describe.each([
  ['counters of this process', () => new MemoryRateLimiter(() => 0)],
  ['counters somewhere else', () => new RemoteRateLimiter()],
])('with %s', (_where, limiter) => {
  it('an address is refused after its limit, whatever its port or spelling, and another is not', async () => {
    const { refusals, standing } = setUp(limiter());
    const { headers, reply } = listen();
    await refusals.count(from('192.0.2.1'), reply);
    expect(headers).toEqual({ 'ratelimit-limit': 2, 'ratelimit-remaining': 1, 'ratelimit-reset': 60 });
    await refusals.count(from('::ffff:192.0.2.1'), reply);
    expect(headers).toMatchObject({ 'ratelimit-remaining': 0 });
    await expect((async () => refusals.count(from('192.0.2.1'), reply))()).rejects.toMatchObject({
      status: 429,
      headers: { 'retry-after': '60', 'ratelimit-remaining': '0' },
    });
    await refusals.count(from('192.0.2.2'), reply);
    // From then on it makes no lookup either.
    expect([standing.refusal('192.0.2.1') !== undefined, standing.refusal('192.0.2.2')]).toEqual([true, undefined]);
  });

  it('somebody known is counted by themselves, apart from every address', async () => {
    const { refusals, standing } = setUp(limiter());
    const { headers, reply } = listen();
    await refusals.countUser('192.0.2.1', reply);
    await refusals.countUser('192.0.2.1', reply);
    expect(headers).toEqual({ 'ratelimit-limit': 2, 'ratelimit-remaining': 0, 'ratelimit-reset': 60 });
    await expect((async () => refusals.countUser('192.0.2.1', reply))()).rejects.toMatchObject({ status: 429 });
    await refusals.count(from('192.0.2.1'), reply);
    expect(headers).toMatchObject({ 'ratelimit-remaining': 1 });
    expect(standing.refusal('192.0.2.1')).toBeUndefined();
  });
});

it('no request counts twice', () => {
  const { refusals } = setUp(new MemoryRateLimiter(() => 0));
  const { headers, reply } = listen();
  const request = from('192.0.2.1');
  for (let turn = 0; turn < 9; turn += 1) void refusals.count(request, reply);
  expect(request.isCounted).toBe(true);
  expect(headers).toMatchObject({ 'ratelimit-remaining': 1 });
});

it('a request of a route without a limit does not count', () => {
  const { refusals } = setUp(new MemoryRateLimiter(() => 0));
  const { headers, reply } = listen();
  void refusals.count({ ip: '192.0.2.1', isCounted: true } as FastifyRequest, reply);
  expect(headers).toEqual({});
});

it('with RATE_LIMIT=off nothing is counted, and nothing said', () => {
  const limiter = new MemoryRateLimiter(() => 0);
  const off = new RefusalLimit(limiter, new AddressStanding(undefined), {} as Env);
  const { headers, reply } = listen();
  for (let turn = 0; turn < 9; turn += 1)
    expect([off.count(from('192.0.2.1'), reply), off.countUser('ada', reply)]).toEqual([undefined, undefined]);
  expect(headers).toEqual({});
  expect([limiter.hit('address', '192.0.2.1').hits, limiter.hit('user', 'ada').hits]).toEqual([1, 1]);
});
