import { setTimeout as delay } from 'node:timers/promises';

/** Work that goes on until it is stopped. */
export interface Running {
  /** Ends it, and waits for what is under way. */
  stop(): Promise<void>;
}

/** Runs `step` over and over in `count` strands, with a pause between: a steady load, whatever the answers. */
export function loop(count: number, pauseMs: number, step: (strand: number) => Promise<void>): Running {
  const stopping = new AbortController();
  const strands = Array.from({ length: count }, async (_, strand) => {
    await delay((pauseMs * strand) / count);
    while (!stopping.signal.aborted) {
      await step(strand);
      await delay(pauseMs);
    }
  });
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(strands);
    },
  };
}
