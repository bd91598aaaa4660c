import { createRateLimits } from '../../frontend/src/server/auth/rate-limit.ts';
import { startWebAuth, type WebAuth } from './web-auth.ts';

let auth: WebAuth;
beforeAll(async () => {
  auth = await startWebAuth({ production: true });
});
afterAll(() => auth.close());
beforeEach(() => auth.pool.query('delete from "rateLimit"'));

const rows = async (): Promise<string[]> =>
  (await auth.pool.query<{ key: string }>('select key from "rateLimit" order by key')).rows.map(({ key }) => key);

describe('routes that nobody has', () => {
  it('share one row of an address, and are limited', async () => {
    const address = '198.51.100.1';
    const statuses = new Map<number, number>();
    for (let n = 0; n < 130; n++) {
      const { status, body, headers } = await auth.ask(`/${Math.random().toString(36).slice(2)}/${n}`, { address });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      expect(body).toMatchObject({ message: expect.any(String) });
      if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(new Set(statuses.keys())).toEqual(new Set([404, 429]));
    expect(statuses.get(404)).toBeLessThanOrEqual(110);
    expect(await rows()).toEqual([`${address}|*`]);
  });

  it('the values of a parameter share one row too', async () => {
    const address = '198.51.100.2';
    for (let n = 0; n < 5; n++) {
      await auth.ask(`/reset-password/${n}`, { address });
      await auth.ask(`/callback/${n}`, { address });
    }
    expect(await rows()).toEqual([`${address}|/callback/:id`, `${address}|/reset-password/:token`]);
  });

  it('an address can’t make rows by typing: IPv6 counts by its network', async () => {
    for (let n = 0; n < 5; n++) await auth.ask('/ok', { address: `2001:db8:1:2::${n + 1}` });
    expect(await rows()).toHaveLength(1);
  });
});

it('allows three sign-ins in ten seconds, then answers 429 with the time to wait; other addresses go on', async () => {
  const attempt = (address: string) =>
    auth.ask('/sign-in/email', { body: { email: 'a@example.com', password: 'wrong password' }, address });
  for (let n = 0; n < 3; n++) expect((await attempt('198.51.100.3')).status).toBe(401);
  const { status, headers } = await attempt('198.51.100.3');
  expect(status).toBe(429);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(10);
  expect((await attempt('198.51.100.4')).status).toBe(401);
});

it.each(['/delete-user', '/verify-password', '/change-password', '/admin/set-user-password'])(
  'a password can’t be guessed at %s either',
  async (path) => {
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++)
      statuses.push((await auth.ask(path, { body: { password: `guess ${n}` }, address: '198.51.100.5' })).status);
    expect(statuses.at(-1)).toBe(429);
  },
);

describe('counting', () => {
  const limits = (query?: (text: string) => void, now?: () => number) =>
    createRateLimits(
      {
        query: ((text: string, values: unknown[]) => {
          query?.(text);
          return auth.pool.query(text, values);
        }) as WebAuth['pool']['query'],
      },
      () => ['/ok', '/callback/:id'],
      now,
    );

  it('lets exactly as many through as the rule says, however many come at once', async () => {
    const counter = limits();
    const decisions = await Promise.all(
      Array.from({ length: 20 }, () => counter.consume('1.2.3.4|/ok', { window: 60, max: 7 })),
    );
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(7);
    expect(decisions.find(({ allowed }) => !allowed)?.retryAfter).toBeGreaterThan(50);
  });

  it('begins anew when the window is over', async () => {
    const counter = limits();
    const rule = { window: 60, max: 1 };
    expect((await counter.consume('1.2.3.4|/ok', rule)).allowed).toBe(true);
    await auth.pool.query('update "rateLimit" set "lastRequest" = "lastRequest" - 60000');
    expect((await counter.consume('1.2.3.4|/ok', rule)).allowed).toBe(true);
    expect((await counter.consume('1.2.3.4|/ok', rule)).allowed).toBe(false);
  });

  it('doesn’t ask the database again for what it has just refused, and asks when the wait is over', async () => {
    let asked = 0;
    let time = Date.now();
    const counter = limits(
      () => asked++,
      () => time,
    );
    const rule = { window: 30, max: 1 };
    await counter.consume('1.2.3.5|/ok', rule);
    await counter.consume('1.2.3.5|/ok', rule);
    const before = asked;
    for (let n = 0; n < 50; n++) expect((await counter.consume('1.2.3.5|/ok', rule)).allowed).toBe(false);
    expect(asked).toBe(before);
    time += 31_000;
    await counter.consume('1.2.3.5|/ok', rule);
    expect(asked).toBeGreaterThan(before);
  });

  it('removes rows that nobody counts any more', async () => {
    let time = Date.now();
    const counter = limits(undefined, () => time);
    await auth.pool.query(`insert into "rateLimit" (id, key, count, "lastRequest") values ('old', 'old', 1, 0)`);
    await counter.consume('1.2.3.6|/ok', { window: 10, max: 1 });
    expect(await rows()).toContain('old');
    time += 61_000;
    await counter.consume('1.2.3.6|/ok', { window: 10, max: 1 });
    expect(await rows()).toEqual(['1.2.3.6|/ok']);
  });
});
