import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { Client } from 'pg';
import { chromiumLaunchOptions } from '../chromium.ts';
import { signInDemo } from '../support/demo-browser.ts';
import { withDemoStack } from '../support/demo-stack.ts';
import { DEMO_EMAIL } from '../../scripts/demo.ts';
import { runAsProgram } from '../../scripts/program.ts';
import { ROOT } from '../../scripts/root.ts';

const WIDTHS = [390, 768, 1440, 2560];
const HEIGHTS: Record<number, number> = { 390: 844, 768: 1024, 1440: 900, 2560: 1440 };
const SCHEMES = ['light', 'dark'] as const;

/** Every page. `prepare` brings it into the state that is worth a picture. */
const PAGES: { name: string; path: string; signedIn: boolean; prepare?: (page: Page) => Promise<void> }[] = [
  { name: 'sign-in', path: '/sign-in', signedIn: false },
  { name: 'sign-up', path: '/sign-up', signedIn: false },
  { name: 'forgot-password', path: '/forgot-password', signedIn: false },
  { name: 'reset-password', path: '/reset-password?token=example', signedIn: false },
  { name: 'two-factor', path: '/two-factor', signedIn: false },
  { name: 'email-verified', path: '/email-verified', signedIn: false },
  { name: 'not-found', path: '/nothing-here', signedIn: false },
  { name: 'tasks', path: '/tasks', signedIn: true },
  { name: 'tasks-nothing-found', path: '/tasks?q=unicorn', signedIn: true },
  { name: 'tasks-edit', path: '/tasks', signedIn: true, prepare: edit },
  { name: 'account', path: '/account', signedIn: true },
  { name: 'sessions', path: '/account/sessions', signedIn: true },
  { name: 'admin', path: '/admin', signedIn: true },
];

/** The pictures the README shows, by page, width and scheme. The others are for looking at, not for the repository. */
const SHOWN = new Set(['tasks-1440-light', 'tasks-390-dark', 'sessions-1440-light']);

async function edit(page: Page): Promise<void> {
  const row = page.getByRole('listitem', { name: 'Prepare the stocktaking list' });
  await row.hover();
  await row.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Title' }).waitFor();
}

/**
 * `npm run screenshots`: every page at four widths, light and dark, into docs/images. Uses a stack of its own with the
 * demo account's tasks.
 */
function main(): Promise<void> {
  return withDemoStack(async ({ webUrl, databaseUrl }, password) => {
    await makeAdmin(databaseUrl);
    const browser = await chromium.launch(await chromiumLaunchOptions());
    try {
      await takeAll(browser, webUrl, password);
    } finally {
      await browser.close();
    }
  });
}

/** The demo account may see the page for administrators, and has an address it has confirmed. */
async function makeAdmin(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `update "user" set role = 'admin', name = 'Robin Demo', "emailVerified" = true where email = $1`,
      [DEMO_EMAIL],
    );
  } finally {
    await client.end();
  }
}

const DEVICES = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ' +
    'Version/18.3 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
];

async function takeAll(browser: Browser, webUrl: string, password: string): Promise<void> {
  // Other devices, so that the page of sessions has something to show.
  for (const userAgent of DEVICES) {
    const context = await browser.newContext({ userAgent });
    await signInDemo(context, webUrl, password);
    await context.close();
  }
  const here = await browser.newContext();
  await signInDemo(here, webUrl, password);
  const state = await here.storageState();
  await here.close();

  let count = 0;
  for (const colorScheme of SCHEMES) {
    for (const width of WIDTHS) {
      const options = {
        baseURL: webUrl,
        viewport: { width, height: HEIGHTS[width] ?? 900 },
        colorScheme,
        locale: 'en-GB',
        reducedMotion: 'reduce' as const,
      };
      const signedOut = await browser.newContext(options);
      const signedIn = await browser.newContext({ ...options, storageState: state });
      for (const { name, path, signedIn: needed, prepare } of PAGES) {
        const page = await (needed ? signedIn : signedOut).newPage();
        await page.goto(path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.evaluate('document.fonts.ready');
        await prepare?.(page);
        await page.screenshot({ path: target(`${name}-${width}-${colorScheme}`) });
        await page.close();
        count += 1;
      }
      await signedOut.close();
      await signedIn.close();
    }
  }
  console.log(`\n  ${count} pictures are in docs/images.\n`);
}

function target(name: string): string {
  const directory = join(ROOT, 'docs/images', SHOWN.has(name) ? '' : 'pages');
  mkdirSync(directory, { recursive: true });
  return join(directory, `${name}.png`);
}

runAsProgram(import.meta.url, main);
