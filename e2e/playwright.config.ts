import { defineConfig } from '@playwright/test';
import { chromiumLaunchOptions } from './chromium.ts';
import { TIMEOUT_FACTOR } from './network.ts';

/**
 * Browser tests over the production build, on a stack of their own: `npm test -- browser`. With `E2E_NETWORK=slow-3g`
 * on a network as slow as Chrome's "Slow 3G".
 */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.e2e.ts',
  outputDir: '../test-results',
  globalSetup: './global-setup.ts',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000 * TIMEOUT_FACTOR,
  expect: { timeout: 10_000 * TIMEOUT_FACTOR },
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['list'], ['json']] : [['list']],
  use: {
    launchOptions: await chromiumLaunchOptions(),
    screenshot: 'only-on-failure',
    // Recording would slow every test: `--trace on` for the one that fails.
    trace: 'off',
    locale: 'en-GB',
    timezoneId: 'UTC',
  },
});
