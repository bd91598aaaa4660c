import type { BrowserContext } from '@playwright/test';
import { expect, test } from './fixtures.ts';

/** Kilobytes are thousands of bytes; what travels counts, headers included. */
const LIMITS = { '/sign-in': 150, '/tasks': 200 };

/** Bytes of all scripts a page loads by itself, as they travelled. */
async function scriptBytes(context: BrowserContext, path: string): Promise<number> {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  const scripts = new Set<string>();
  let bytes = 0;
  devtools.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId);
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  await page.goto(path, { waitUntil: 'load' });
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.close();
  return bytes;
}

for (const [path, limit] of Object.entries(LIMITS)) {
  test(`${path} loads at most ${limit} kB of compressed script`, async ({ context, signIn }) => {
    if (path === '/tasks') await signIn();
    const kilobytes = (await scriptBytes(context, path)) / 1000;
    test.info().annotations.push({ type: 'first-load JavaScript', description: `${path} ${kilobytes.toFixed(1)} kB` });
    console.log(`  ${path}: ${kilobytes.toFixed(1)} kB of compressed script`);
    expect(kilobytes).toBeGreaterThan(50);
    expect(kilobytes).toBeLessThanOrEqual(limit);
  });
}
