import { AssertionError } from 'node:assert';
import type { Logger } from 'pino';
import { describeFailure } from './logging/failure.ts';

/** What {@link watchProcess} needs of the process; a test gives its own. */
export interface WatchedProcess {
  on(event: 'unhandledRejection', listener: (reason: unknown) => void): unknown;
  on(event: 'uncaughtException', listener: (error: unknown) => void): unknown;
}

/** Errors of Node itself, after which nothing in the process can be relied on. */
const BROKEN = new Set([
  'ERR_INTERNAL_ASSERTION',
  'ERR_OUT_OF_MEMORY',
  'ERR_WORKER_OUT_OF_MEMORY',
  'ERR_MEMORY_ALLOCATION_FAILED',
]);

/**
 * Logs what nobody handles: its name, stack and statement, never a value.
 *
 * - A rejected promise that nobody waited for (a forgotten `await`) is an error line, and the process goes on: the work
 *   that failed was nobody's, and every other request is as it was.
 * - An exception that reached the event loop, or an error that says that memory or Node itself is broken, leaves the
 *   state of the process in doubt: it says so, and ends in order.
 *
 * @param stop ends the process in order, with exit code 1; called once
 * @example watchProcess(process, logger, () => end(1));
 */
export function watchProcess(target: WatchedProcess, logger: Logger, stop: () => void): void {
  let isStopping = false;
  const end = (error: unknown, message: string): void => {
    logger.fatal(describeFailure(error), message);
    if (isStopping) return;
    isStopping = true;
    stop();
  };
  target.on('unhandledRejection', (reason) => {
    if (leavesDoubt(reason)) end(reason, 'unhandled rejection: the state of the process is in doubt, it ends in order');
    else
      logger.error(
        describeFailure(reason),
        'unhandled rejection: a promise nobody waited for (a forgotten await?); the process goes on',
      );
  });
  target.on('uncaughtException', (error) => {
    end(error, 'uncaught exception: the state of the process is in doubt, it ends in order');
  });
}

function leavesDoubt(reason: unknown): boolean {
  return (
    reason instanceof AssertionError ||
    (reason instanceof Error && BROKEN.has((reason as NodeJS.ErrnoException).code ?? ''))
  );
}
