/**
 * When the largest content of a page is painted (Largest Contentful Paint), on a processor slowed four times and with
 * nothing cached by the browser. The production build, as `npm start` starts it.
 *
 *   npm run bench -- page
 */
import { chromium, type Browser, type BrowserContext } from '@playwright/test';
import { chromiumLaunchOptions } from '../e2e/chromium.ts';
import { signInDemo } from '../e2e/support/demo-browser.ts';
import { withDemoStack } from '../e2e/support/demo-stack.ts';
import { runAsProgram } from '../scripts/program.ts';
import { markdown } from './report.ts';
import { median } from './statistics.ts';

const SLOWDOWN = 4;
const SAMPLES = 7;
/** Milliseconds the median may take. */
const LIMIT = 1_500;

function main(): Promise<void> {
  return withDemoStack(async ({ webUrl }, password) => {
    const browser = await chromium.launch(await chromiumLaunchOptions());
    try {
      const signedOut = await browser.newContext();
      const signedIn = await browser.newContext();
      await signInDemo(signedIn, webUrl, password);
      const rows: string[][] = [];
      let kept = true;
      for (const [path, context] of [
        ['/sign-in', signedOut],
        ['/tasks', signedIn],
      ] as const) {
        const samples = await paints(browser, context, `${webUrl}${path}`);
        kept &&= median(samples) < LIMIT;
        rows.push([path, `${Math.round(median(samples))} ms`, samples.map((sample) => Math.round(sample)).join(', ')]);
      }
      console.log(`\n${markdown(['page', 'largest content painted after (median)', 'each'], rows)}\n`);
      if (!kept)
        throw new Error(
          `A page takes longer than ${LIMIT} ms.\nFix: on a machine that does nothing else, npx playwright ` +
            'show-trace or the browser’s own profiler shows where the time goes.',
        );
    } finally {
      await browser.close();
    }
  });
}

/** Milliseconds from the start of the navigation to the last largest content, of several cold loads. */
async function paints(browser: Browser, context: BrowserContext, url: string): Promise<number[]> {
  // Once before, as after a deployment: what is measured is the page, not the server's first request.
  const first = await context.newPage();
  await first.goto(url);
  const state = await context.storageState();
  await first.close();
  const samples: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    // A context of its own: nothing of the page before is in its cache.
    const cold = await browser.newContext({ storageState: state, viewport: { width: 390, height: 844 } });
    const page = await cold.newPage();
    const devtools = await cold.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
    await page.goto(url, { waitUntil: 'load' });
    // Usable: nothing larger comes after that.
    await page.locator('button[type=submit]:enabled').first().waitFor();
    samples.push(
      await page.evaluate<number>(`new Promise((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime))
          .observe({ type: 'largest-contentful-paint', buffered: true });
      })`),
    );
    await cold.close();
  }
  return samples;
}

runAsProgram(import.meta.url, main);
