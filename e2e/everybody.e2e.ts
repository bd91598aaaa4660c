/// <reference lib="dom" />
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { makeAdmin } from './support/admin.ts';
import { createTask } from './support/api.ts';

const directionOf = (locator: Locator) => locator.evaluate((element) => getComputedStyle(element).direction);
const row = (page: Page, title: string) => page.getByRole('listitem', { name: title, exact: true });

test('text that is written from right to left begins at the right', async ({
  page,
  createUser,
  signIn,
  request,
  apiUrl,
}) => {
  const user = await signIn(await createUser('נועה כהן'));
  const [title, description] = ['לקנות חלב', 'בדרך הביתה'];
  await createTask(request, apiUrl, user.token, { title, description });
  await createTask(request, apiUrl, user.token, { title: 'Buy milk' });
  await page.goto('/tasks');
  const direction = (text: string) => directionOf(page.getByText(text, { exact: true }));
  expect(await Promise.all([title, description, 'Buy milk'].map(direction))).toEqual(['rtl', 'rtl', 'ltr']);
  await row(page, title).getByRole('button', { name: 'Edit' }).click();
  for (const label of ['Title', 'Notes']) {
    expect(await directionOf(page.getByLabel(label)), label).toBe('rtl');
  }
  await page.getByRole('textbox', { name: 'New task' }).fill(title);
  expect(await directionOf(page.getByRole('textbox', { name: 'New task' }))).toBe('rtl');
  await page.getByRole('button', { name: `User menu: ${user.name}` }).click();
  expect(await directionOf(page.locator('#user-menu').getByText(user.name))).toBe('rtl');
});

test('at 200 % zoom nothing sticks out, and the first task is in sight', async ({
  newContext,
  context,
  createUser,
  signIn,
  request,
  apiUrl,
}) => {
  const user = await createUser();
  await makeAdmin(user.email);
  await signIn(user);
  await createTask(request, apiUrl, user.token, { title: 'First in sight', priority: 'high', dueOn: '2040-01-01' });
  // 1280 × 1024 pixels, each CSS pixel two of the screen's.
  const zoomed = await newContext({
    storageState: await context.storageState(),
    viewport: { width: 640, height: 512 },
    deviceScaleFactor: 2,
  });
  const page = await zoomed.newPage();
  const fits = async (what: string) => {
    expect(await page.evaluate(() => document.documentElement.scrollWidth), what).toBeLessThanOrEqual(640);
  };
  for (const path of ['/account', '/account/sessions', '/admin', '/tasks']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await fits(path);
  }
  await expect(row(page, 'First in sight').getByRole('checkbox')).toBeInViewport();
  await row(page, 'First in sight').getByRole('button', { name: 'Edit' }).click();
  await fits('the editor');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.goto('/account');
  await page.getByRole('button', { name: 'Delete account' }).click();
  await fits('a question');
  await expect(page.getByRole('alertdialog').getByRole('button', { name: 'Keep it' })).toBeInViewport();
});

test('no two buttons of a list have the same name', async ({ page, signIn, request, apiUrl }) => {
  const user = await signIn();
  for (const title of ['Bread', 'Butter', 'Jam']) await createTask(request, apiUrl, user.token, { title });
  await page.goto('/tasks');
  await expect(row(page, 'Jam').getByRole('checkbox')).toBeEnabled();
  for (const title of ['Bread', 'Butter', 'Jam']) {
    await expect(page.getByRole('checkbox', { name: title, exact: true })).toHaveCount(1);
    await expect(page.getByRole('button', { name: `Edit: ${title}`, exact: true })).toHaveCount(1);
    await expect(page.getByRole('button', { name: `Delete: ${title}`, exact: true })).toHaveCount(1);
  }
});

test('what can’t answer yet looks like it, and what is typed before the script has come is kept', async ({
  page,
  createUser,
  signIn,
  request,
  apiUrl,
}) => {
  const user = await createUser();
  await createTask(request, apiUrl, user.token, { title: 'Slow train' });
  let letGo = () => {};
  const arrived = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(/\/_next\/static\/.*\.js/, async (route) => {
    await arrived;
    await route.continue().catch(() => undefined);
  });
  await page.goto('/sign-in', { waitUntil: 'commit' });
  const button = page.getByRole('button', { name: 'Sign in', exact: true });
  await expect(button).toBeDisabled();
  // A line that moves, once it takes longer than a moment.
  await expect.poll(() => button.locator('.animate-late').evaluate((line) => getComputedStyle(line).opacity)).toBe('1');
  await page.getByLabel('Email').fill(user.email);
  await signIn(user);
  await page.goto('/tasks', { waitUntil: 'commit' });
  await expect(row(page, 'Slow train')).toBeVisible();
  await page.getByRole('textbox', { name: 'New task' }).fill('Early bird');
  const controls = page.getByRole('main').locator('button, select, input[type=checkbox], input[type=radio]');
  for (const control of await controls.all()) {
    await expect(control).toBeDisabled();
  }
  letGo();
  await expect(page.getByRole('button', { name: 'Add task' })).toBeEnabled();
  await page.getByRole('button', { name: 'Add task' }).click();
  await expect(row(page, 'Early bird')).not.toHaveAttribute('aria-busy', 'true');
});
