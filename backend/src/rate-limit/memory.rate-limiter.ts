import { RateLimiter, WINDOW_MS, type RateLimitState } from './rate-limiter.ts';

/** Keys remembered of each kind; about 10 MB. */
const MAX_KEYS = 100_000;

interface Window {
  hits: number;
  endsAt: number;
}

/** Counters of this process. Bounded: the windows that began longest ago go first. */
export class MemoryRateLimiter extends RateLimiter {
  readonly #windows = { user: new Map<string, Window>(), address: new Map<string, Window>() };

  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly maxKeys = MAX_KEYS,
  ) {
    super();
  }

  override hit(kind: 'user' | 'address', key: string): RateLimitState {
    const windows = this.#windows[kind];
    const now = this.now();
    const window = windows.get(key);
    if (window && window.endsAt > now) {
      window.hits += 1;
      return { hits: window.hits, resetMs: window.endsAt - now };
    }
    // Put last again, so that the map stays in the order in which windows end.
    windows.delete(key);
    windows.set(key, { hits: 1, endsAt: now + WINDOW_MS });
    this.#forget(windows, now);
    return { hits: 1, resetMs: WINDOW_MS };
  }

  /** Two at most for each one that comes: ended windows never pile up, and no request pays for many. */
  #forget(windows: Map<string, Window>, now: number): void {
    for (let count = 0; count < 2; count += 1) {
      const oldest = windows.entries().next();
      if (oldest.done || (oldest.value[1].endsAt > now && windows.size <= this.maxKeys)) return;
      windows.delete(oldest.value[0]);
    }
  }
}
