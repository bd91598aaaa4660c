/// <reference lib="dom" />
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { TIMEOUT_FACTOR } from './network.ts';
import { createTask } from './support/api.ts';
import { addTasks } from './support/many.ts';
import { streaming } from './support/streaming.ts';

const row = (page: Page, title: string) => page.getByRole('listitem', { name: title, exact: true });
const rows = (page: Page) => page.locator('main li');

test('a long list is loaded to its end on a slow machine, and a moment offline asks for no more than is due', async ({
  page,
  context,
  signIn,
  request,
  apiUrl,
  allowConsoleError,
}) => {
  allowConsoleError(/ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|ERR_FAILED/);
  const user = await signIn();
  await addTasks(user.email, 300);
  const { id } = await createTask(request, apiUrl, user.token, { title: 'The newest' });
  await page.goto('/tasks');
  await expect(row(page, 'The newest').getByRole('checkbox')).toBeEnabled();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 2 });
  // As somebody presses End until nothing more comes.
  await expect(async () => {
    await page.keyboard.press('End');
    await expect(row(page, 'Task 001')).toBeInViewport({ timeout: 100 });
  }).toPass({ timeout: 60_000 * TIMEOUT_FACTOR, intervals: [50] });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await expect(rows(page)).toHaveCount(301);
  await expect(page.getByRole('button', { name: 'Show more' })).toBeHidden();

  const asked: string[] = [];
  const isList = (url: string) => /\/api\/tasks\?/.test(url);
  page.on('request', (sent) => void (sent.method() === 'GET' && isList(sent.url()) && asked.push(sent.url())));
  await context.setOffline(true);
  await expect(page.getByText('You’re offline.')).toBeVisible();
  const live = streaming(page);
  const read = page.waitForResponse((response) => isList(response.url()));
  await context.setOffline(false);
  await Promise.all([live, read]);
  await expect(page.getByText('You’re offline.')).toBeHidden();
  // What is changed far above is read when somebody goes there; of the twelve pages, those in view were due.
  await request.patch(`${apiUrl}/api/tasks/${id}`, {
    headers: { authorization: `Bearer ${user.token}` },
    data: { title: 'The newest, changed' },
  });
  await page.keyboard.press('Home');
  await expect(row(page, 'The newest, changed')).toBeVisible();
  expect(asked.length, asked.join('\n')).toBeLessThanOrEqual(6);
});

test('a task that is added while the list of a filter loads for the first time is there', async ({
  page,
  signIn,
  request,
  apiUrl,
}) => {
  const user = await signIn();
  await createTask(request, apiUrl, user.token, { title: 'Older' });
  await page.goto('/tasks');
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(/\/api\/tasks\?.*status=todo/, async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  await page.getByText('To do', { exact: true }).first().click();
  await page.getByRole('textbox', { name: 'New task' }).fill('Newer');
  await page.getByRole('button', { name: 'Add task' }).click();
  letGo();
  await expect(row(page, 'Newer')).not.toHaveAttribute('aria-busy', 'true');
  await expect(page.getByRole('region', { name: 'Tasks' })).not.toHaveAttribute('aria-busy', 'true');
  await expect(rows(page)).toHaveCount(2);
});

test('lists that were seen before know of what was done and moved since', async ({
  page,
  signIn,
  request,
  apiUrl,
  allowConsoleError,
}) => {
  // An edit that was begun before the answer to the tick had come is merged with it.
  allowConsoleError('412');
  const user = await signIn();
  await createTask(request, apiUrl, user.token, { title: 'First', dueOn: '2040-01-01' });
  await createTask(request, apiUrl, user.token, { title: 'Second', dueOn: '2040-01-02' });
  await page.goto('/tasks?sort=dueOn');
  const filter = (name: string) => page.getByText(name, { exact: true }).first().click();
  await filter('Done');
  await expect(page.getByRole('heading', { name: 'Nothing fits' })).toBeVisible();
  await filter('All');
  await row(page, 'First').getByRole('checkbox').check();
  await filter('Done');
  await expect(row(page, 'First')).toBeVisible();
  await filter('All');
  await row(page, 'First').getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Due').fill('2040-01-03');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(rows(page).last()).toHaveAccessibleName('First');
});

test('a list of lines that is pasted becomes as many tasks, or one', async ({ page, context, signIn }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn();
  await page.goto('/tasks');
  const box = page.getByRole('textbox', { name: 'New task' });
  await expect(page.getByRole('button', { name: 'Add task' })).toBeEnabled();
  const paste = async (text: string) => {
    await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await box.press('ControlOrMeta+v');
  };
  await paste('- eggs\n- milk\n\n* flour\n');
  await page.getByRole('button', { name: 'Add 3 tasks' }).click();
  await expect(rows(page)).toHaveCount(3);
  const titles = await rows(page).evaluateAll((items) => items.map((item) => item.querySelector('p')?.textContent));
  expect(titles).toEqual(['eggs', 'milk', 'flour']);
  await paste('call\nAnna');
  await page.getByRole('button', { name: 'As one task' }).click();
  await expect(box).toHaveValue('call Anna');
});
