const EVERY_MS = 250;

/**
 * Calls `end` once when the process that started us is gone: npm killed by SIGKILL can't pass a signal on.
 *
 * Only under npm: started by hand and sent to the background, a program outlives its shell on purpose.
 */
export function endWithParent(end: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, EVERY_MS);
  timer.unref();
}
