import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { createTask } from './support/api.ts';

const SCRIPTS = /\/_next\/static\/.*\.js/;
const row = (page: Page, title: string) => page.getByRole('listitem', { name: title, exact: true });

test('a page whose script doesn’t come says so inside the frame, loses nothing, and comes with Try again', async ({
  page,
  signIn,
  request,
  apiUrl,
  allowConsoleError,
}) => {
  allowConsoleError(/ERR_FAILED|404|ChunkLoadError|Failed to load chunk|Loading chunk/);
  const user = await signIn();
  await createTask(request, apiUrl, user.token, { title: 'Draft' });
  await page.goto('/tasks');
  await row(page, 'Draft').getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Notes').fill('Written before the deployment');
  // After a deployment the scripts of the old pages are gone.
  let refused = 0;
  await page.route(SCRIPTS, (route) => ((refused += 1), route.fulfill({ status: 404, body: '' })));
  await page.getByRole('link', { name: 'Account' }).click();
  await expect(page.getByRole('heading', { name: 'This page couldn’t be made' })).toBeVisible();
  expect(refused).toBeGreaterThan(0);
  await page.getByRole('link', { name: 'Tasks' }).click();
  await expect(page.getByLabel('Notes')).toHaveValue('Written before the deployment');
  await page.getByRole('link', { name: 'Account' }).click();
  await expect(page.getByRole('heading', { name: 'This page couldn’t be made' })).toBeVisible();
  await page.unroute(SCRIPTS);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Account', exact: true })).toBeVisible();
});

test('a script that is lost once is asked for again by itself', async ({ page, signIn, allowConsoleError }) => {
  allowConsoleError(/ERR_FAILED|ChunkLoadError|Failed to load chunk|Loading chunk/);
  await signIn();
  await page.goto('/tasks');
  await expect(page.getByRole('heading', { name: 'A clear desk' })).toBeVisible();
  const lost = new Set<string>();
  await page.route(SCRIPTS, (route) => {
    const url = route.request().url();
    if (lost.has(url)) return route.continue();
    lost.add(url);
    return route.abort();
  });
  await page.getByRole('link', { name: 'Account' }).click();
  await expect(page.getByRole('heading', { name: 'Account', exact: true })).toBeVisible();
  expect(lost.size).toBeGreaterThan(0);
});

test('a row that can’t be drawn says so in its place, and the list stays', async ({
  page,
  signIn,
  request,
  apiUrl,
  allowConsoleError,
}) => {
  allowConsoleError(/Minified React error #31|Objects are not valid/);
  const user = await signIn();
  for (const title of ['Broken', 'Whole']) await createTask(request, apiUrl, user.token, { title });
  await page.route(/\/api\/tasks\?/, async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as { data: { title: unknown; version: number }[] };
    const broken = body.data.find(({ title }) => title === 'Broken');
    if (broken) Object.assign(broken, { description: { not: 'a text' }, version: 2 });
    await route.fulfill({ response, json: body });
  });
  await page.goto('/tasks');
  await expect(page.getByText('This task couldn’t be shown.')).toBeVisible();
  await expect(row(page, 'Whole').getByRole('checkbox')).toBeVisible();
  await row(page, 'Whole').getByRole('checkbox').check();
  await page.unroute(/\/api\/tasks\?/);
});

test('the sign-in page is there without the script of the other ways to sign in', async ({
  page,
  createUser,
  allowConsoleError,
}) => {
  allowConsoleError(/ERR_FAILED|ChunkLoadError|Failed to load chunk|Loading chunk|Minified React error/);
  const user = await createUser();
  let lost = 0;
  // The one script that no element of the page asks for.
  await page.route(SCRIPTS, async (route) => {
    const response = await route.fetch();
    const body = await response.text();
    if (!body.includes('/sign-in/social')) return route.fulfill({ response, body });
    lost += 1;
    return route.abort();
  });
  await page.goto('/sign-in');
  await page.getByLabel('Email').fill(user.email);
  await page.getByLabel('Password').fill(user.password);
  await expect.poll(() => lost).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Your tasks' })).toBeVisible();
});

test('one lost request: the warning lies over the page, moves nothing, and goes by itself', async ({
  page,
  signIn,
  request,
  apiUrl,
  allowConsoleError,
}) => {
  allowConsoleError(/ERR_FAILED/);
  const user = await signIn();
  await createTask(request, apiUrl, user.token, { title: 'Stays put' });
  await page.clock.install();
  await page.goto('/tasks');
  const before = await row(page, 'Stays put').boundingBox();
  await page.route(/\/api\/tasks\/[0-9a-f-]+$/, (route) => route.abort(), { times: 1 });
  await row(page, 'Stays put').getByRole('checkbox').check();
  await expect(page.getByText('There’s no answer from the service.')).toBeVisible();
  expect((await row(page, 'Stays put').boundingBox())?.y).toBe(before?.y);
  await page.clock.fastForward(6_000);
  await expect(page.getByText('There’s no answer from the service.')).toBeHidden();
  await expect(row(page, 'Stays put').getByRole('checkbox')).toBeChecked();
});
