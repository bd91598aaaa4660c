/** Where a key stands in its current window. */
export interface RateLimitState {
  /** Hits in the window, this one included. */
  readonly hits: number;
  /** Milliseconds until the window ends. */
  readonly resetMs: number;
}

/** Length of every window, in milliseconds: limits are requests a minute. */
export const WINDOW_MS = 60_000;

/** Counts hits in windows of a minute. */
export abstract class RateLimiter {
  /**
   * Counts one hit.
   *
   * @param kind Users and addresses are counted apart: whoever has many addresses cannot make the API forget users.
   * @returns at once where the counters are in this process
   */
  abstract hit(kind: 'user' | 'address', key: string): RateLimitState | Promise<RateLimitState>;

  /** Releases connections. */
  close(): void | Promise<void> {}
}
