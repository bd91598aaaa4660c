import type { BrowserContext } from '@playwright/test';

/** What Chrome's developer tools call "Slow 3G": 400 kbit/s each way, and two seconds until the first byte comes. */
const SLOW_3G = { offline: false, latency: 2_000, downloadThroughput: 50_000, uploadThroughput: 50_000 };

/** Whether `E2E_NETWORK=slow-3g` was given: every page then has that network. */
const isSlow = process.env['E2E_NETWORK'] === 'slow-3g';

/** Timeouts are multiplied by this on a slow network. */
export const TIMEOUT_FACTOR = isSlow ? 4 : 1;

/** Gives the pages of the context the network that the run asks for. */
export function emulateNetwork(context: BrowserContext): void {
  if (!isSlow) return;
  context.on('page', (page) => {
    void context.newCDPSession(page).then((devtools) => devtools.send('Network.emulateNetworkConditions', SLOW_3G));
  });
}
