/** What is known of the way to the API. */
export type Connection =
  | { state: 'fine' }
  /** No answer came: the network or the API is away. */
  | { state: 'unreachable' }
  /** The API answered that it can't serve now. */
  | { state: 'unavailable'; retryAfter: number | undefined };

const FINE: Connection = { state: 'fine' };

/** A little observable, made for `useSyncExternalStore`. */
export interface ConnectionStore {
  get(): Connection;
  subscribe(listener: () => void): () => void;
  /** Notes how a call went. */
  report(outcome: Response | 'no answer'): void;
}

export function createConnectionStore(): ConnectionStore {
  let current: Connection = FINE;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    report(outcome) {
      let next: Connection = FINE;
      if (outcome === 'no answer') next = { state: 'unreachable' };
      else if (outcome.status === 502 || outcome.status === 503 || outcome.status === 504) {
        const seconds = Number(outcome.headers.get('retry-after'));
        next = { state: 'unavailable', retryAfter: seconds > 0 ? seconds : undefined };
      }
      if (next.state === current.state) return;
      current = next;
      for (const listener of listeners) listener();
    },
  };
}
