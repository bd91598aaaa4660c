import { clientAddress } from './client-address.ts';
import { MemoryRateLimiter } from './memory.rate-limiter.ts';

describe('MemoryRateLimiter', () => {
  it('counts each key in windows of a minute', () => {
    let now = 0;
    const limiter = new MemoryRateLimiter(() => now);
    expect(limiter.hit('user', 'a')).toEqual({ hits: 1, resetMs: 60_000 });
    now = 59_000;
    expect(limiter.hit('user', 'a')).toEqual({ hits: 2, resetMs: 1_000 });
    expect(limiter.hit('user', 'b').hits).toBe(1);
    expect(limiter.hit('address', 'a').hits).toBe(1);
    now = 60_000;
    expect(limiter.hit('user', 'a')).toEqual({ hits: 1, resetMs: 60_000 });
  });

  it('goes by the clock of the process', () => {
    const limiter = new MemoryRateLimiter();
    expect(limiter.hit('user', 'a')).toEqual({ hits: 1, resetMs: 60_000 });
    const again = limiter.hit('user', 'a');
    expect(again.hits).toBe(2);
    expect(again.resetMs).toBeLessThanOrEqual(60_000);
  });

  it('a flood of addresses makes it forget old addresses, never users', () => {
    const limiter = new MemoryRateLimiter(() => 0, 1_000);
    limiter.hit('user', 'ada');
    limiter.hit('address', 'first');
    for (let index = 0; index < 5_000; index += 1) limiter.hit('address', `flood ${index}`);
    expect(limiter.hit('user', 'ada').hits).toBe(2);
    expect(limiter.hit('address', 'first').hits).toBe(1);
    expect(limiter.hit('address', 'flood 4999').hits).toBe(2);
  });
});

it('as many keys are remembered as are allowed, and the oldest goes for one more', () => {
  const limiter = new MemoryRateLimiter(() => 0, 2);
  for (const key of ['a', 'b']) limiter.hit('user', key);
  expect(limiter.hit('user', 'a').hits).toBe(2);
  limiter.hit('user', 'c');
  expect(limiter.hit('user', 'b').hits).toBe(2);
  expect(limiter.hit('user', 'a').hits).toBe(1);
});

describe('clientAddress', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::1', '2001:db8:1:2'],
    ['2001:0db8:0001:0002::ff', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['2001:db8::', '2001:db8:0:0'],
    ['2001:db8::3:4:5:6:7', '2001:db8:0:3'],
    ['::2:3:4:5:6:7:8', '0:2:3:4'],
    // Not an IPv4 address in an IPv6 one, though it begins like it.
    ['::ffff:0:1:2:3', '0:0:0:ffff'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('%s → %s', (ip, expected) => {
    expect(clientAddress(ip)).toBe(expected);
  });
});
