import type { Pool } from 'pg';

/** How often a key may be used: `max` times, then not for `window` seconds. */
export interface LimitRule {
  window: number;
  max: number;
}

/** A counted use. */
export interface LimitDecision {
  allowed: boolean;
  /** Seconds to wait; null when allowed. */
  retryAfter: number | null;
}

/** Counts uses of a key in Better Auth's table, so that all instances of the web application count together. */
export interface RateLimits {
  consume(key: string, rule: LimitRule): Promise<LimitDecision>;
}

/** How many refused keys this process remembers, so that a flood of requests doesn't reach the database. */
const MAX_REFUSED = 10_000;
/** Milliseconds between two removals of old rows by one process. */
const CLEAN_EVERY_MS = 60_000;
/** Milliseconds a row is kept: the longest window there is. */
const KEPT_MS = 60 * 60 * 1_000;

const CONSUME = `
  insert into "rateLimit" as r (id, key, count, "lastRequest")
  select gen_random_uuid()::text, $1, 1, t.ms
  from (select (extract(epoch from clock_timestamp()) * 1000)::bigint as ms) t
  on conflict (key) do update
    set count = case when r."lastRequest" <= excluded."lastRequest" - $2 then 1 else r.count + 1 end,
        "lastRequest" = excluded."lastRequest"
    where r."lastRequest" <= excluded."lastRequest" - $2 or r.count < $3
  returning count`;

const WAIT =
  'select "lastRequest" + $2 - (extract(epoch from clock_timestamp()) * 1000)::bigint as ms from "rateLimit" ' +
  'where key = $1';

const CLEAN = `
  delete from "rateLimit" where id in (
    select id from "rateLimit"
    where "lastRequest" < (extract(epoch from clock_timestamp()) * 1000)::bigint - $1
    limit 1000 for update skip locked)`;

/**
 * Counts in one statement, by the database's clock. Better Auth's own storage takes two, asks the database for each
 * refused request, and makes a row for each path somebody types.
 *
 * @param paths of the routes that exist, `/callback/:id` for instance; asked at the first use
 */
export function createRateLimits(
  pool: Pick<Pool, 'query'>,
  paths: () => readonly string[],
  now: () => number = Date.now,
): RateLimits {
  const refusedUntil = new Map<string, number>();
  let known: readonly RegExp[] | undefined;
  let routes: readonly string[] = [];
  let cleaned = now();

  /** Better Auth's key is `address|path`. Paths that don't exist share one key, and so do all values of a parameter. */
  function bounded(key: string): string {
    const at = key.indexOf('|/');
    if (at < 0) return key;
    if (known === undefined) {
      routes = paths();
      known = routes.map((path) => new RegExp(`^${path.replace(/:[^/]+/g, '[^/]+')}$`));
    }
    const path = key.slice(at + 1);
    const index = known.findIndex((pattern) => pattern.test(path));
    return `${key.slice(0, at)}|${routes[index] ?? '*'}`;
  }

  async function clean(): Promise<void> {
    if (now() - cleaned < CLEAN_EVERY_MS) return;
    cleaned = now();
    await pool.query(CLEAN, [KEPT_MS]).catch(() => undefined);
  }

  function refuse(key: string, ms: number): LimitDecision {
    if (refusedUntil.size >= MAX_REFUSED) {
      const oldest = refusedUntil.keys().next();
      if (!oldest.done) refusedUntil.delete(oldest.value);
    }
    refusedUntil.set(key, now() + ms);
    return { allowed: false, retryAfter: Math.max(1, Math.ceil(ms / 1_000)) };
  }

  return {
    async consume(given, { window, max }) {
      const key = bounded(given);
      // A path of no route may fall under a stricter rule than the next: what is remembered is the key with its rule.
      const memory = `${key} ${window} ${max}`;
      const left = (refusedUntil.get(memory) ?? 0) - now();
      if (left > 0) return { allowed: false, retryAfter: Math.ceil(left / 1_000) };
      refusedUntil.delete(memory);
      await clean();
      const { rowCount } = await pool.query(CONSUME, [key, window * 1_000, max]);
      if (rowCount === 1) return { allowed: true, retryAfter: null };
      const { rows } = await pool.query<{ ms: string }>(WAIT, [key, window * 1_000]);
      return refuse(memory, Math.max(1, Number(rows[0]?.ms ?? window * 1_000)));
    },
  };
}
