/** One answer, or `0` for a connection that failed before there was one. */
export interface Answer {
  status: number;
  /** Milliseconds since the load began, when it was sent, and how long it took. */
  at: number;
  ms: number;
  /** Which of the load's requests it was. */
  name: string;
}

export interface Load {
  answers: readonly Answer[];
  /** Milliseconds since the load began. */
  now(): number;
  /** Resolves when the last request under way has been answered. */
  stop(): Promise<readonly Answer[]>;
}

/** Sends one request and says how it ended. */
export type Send = () => Promise<{ status: number }>;

const PAUSE_MS = 5;

/**
 * Keeps sending requests, each kind one after the other, until it is stopped.
 * @param kinds names the requests; every kind is a client of its own
 */
export function startLoad(kinds: Readonly<Record<string, Send>>): Load {
  const start = performance.now();
  const now = (): number => performance.now() - start;
  const answers: Answer[] = [];
  const end = new AbortController();
  const clients = Object.entries(kinds).map(async ([name, send]) => {
    while (!end.signal.aborted) {
      const at = now();
      const { status } = await send().catch(() => ({ status: 0 }));
      answers.push({ name, status, at, ms: now() - at });
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  });
  return {
    answers,
    now,
    stop: async () => {
      end.abort();
      await Promise.all(clients);
      return answers;
    },
  };
}

/** How often each status was answered, such as `200: 812, 503: 4`. */
export function tally(answers: readonly Answer[]): string {
  const counts = new Map<number, number>();
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts]
    .toSorted(([a], [b]) => a - b)
    .map(([status, count]) => `${status === 0 ? 'no answer' : status}: ${count}`)
    .join(', ');
}

/** The value below which `share` (0 to 1) of them lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
