import { until } from './processes.ts';
import type { Supervised } from './supervisor.ts';

const READY_MS = 60_000;

/**
 * Waits until `url` answers 2xx.
 * @throws Error with the process's last lines when it ends first, or doesn't answer within a minute.
 */
export async function waitUntilReady(process: Supervised, url: string): Promise<void> {
  let last = 'no answer';
  const ready = await until(
    async () => {
      if (!process.running()) return true;
      try {
        const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
        last = `status ${response.status}`;
        await response.body?.cancel();
        return response.ok;
      } catch {
        return false;
      }
    },
    READY_MS,
    50,
  );
  if (!process.running()) {
    await process.ended;
    throw new Error(`${process.name} ended while it started:\n${process.lastLines()}`);
  }
  if (!ready)
    throw new Error(
      `${process.name} was not ready after ${READY_MS / 1000} s (${url}: ${last}). ` +
        `Its last lines:\n${process.lastLines()}`,
    );
}
