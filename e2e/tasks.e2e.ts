/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { createTask } from './support/api.ts';

const row = (page: Page, title: string) => page.getByRole('listitem', { name: title, exact: true });

async function add(page: Page, title: string) {
  await page.getByRole('textbox', { name: 'New task' }).fill(title);
  await page.getByRole('button', { name: 'Add task' }).click();
}

test('a new task is there before the API has answered, and gone again when it refuses', async ({
  page,
  signIn,
  apiUrl,
  allowConsoleError,
}) => {
  allowConsoleError('503');
  await signIn();
  // An answer that is still on its way would say that the service is back.
  const settled = page.waitForResponse(/\/api\/tasks\/events/);
  await page.goto('/tasks');
  await settled;
  let answer: (how: 'go on' | 'refuse') => void = () => {};
  const decided = new Promise<'go on' | 'refuse'>((resolve) => (answer = resolve));
  await page.route(`${apiUrl}/api/tasks`, async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    if ((await decided) === 'go on') return route.continue();
    return route.fulfill({
      status: 503,
      headers: {
        // Longer than the test: the page would try again by itself, and the button go.
        'retry-after': '600',
        'access-control-allow-origin': new URL(page.url()).origin,
        'content-type': 'application/problem+json',
      },
      body: '{}',
    });
  });
  await add(page, 'Faster than the network');
  await expect(row(page, 'Faster than the network')).toHaveAttribute('aria-busy', 'true');
  answer('refuse');
  await expect(row(page, 'Faster than the network')).toBeHidden();
  await expect(page.getByText('Nothing was saved.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'New task' })).toHaveValue('Faster than the network');
  await expect(page.getByText('The service can’t answer right now. Your tasks are safe')).toBeVisible();
  await page.unroute(`${apiUrl}/api/tasks`);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('Your tasks are safe')).toBeHidden();
  await page.getByRole('button', { name: 'Add task' }).click();
  await expect(row(page, 'Faster than the network')).not.toHaveAttribute('aria-busy', 'true');
});

test('a deleted task can be taken back', async ({ page, signIn }) => {
  await signIn();
  await page.goto('/tasks');
  await add(page, 'Not so fast');
  await row(page, 'Not so fast').getByRole('checkbox').check();
  await row(page, 'Not so fast').getByRole('button', { name: 'Delete' }).click();
  await expect(row(page, 'Not so fast')).toBeHidden();
  // The row is back before the API has it; leaving the page in between would call the request off.
  const restored = page.waitForResponse((response) => response.url().endsWith('/restore'));
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, 'Not so fast').getByRole('checkbox')).toBeChecked();
  expect((await restored).status()).toBe(200);
  await page.reload();
  await expect(row(page, 'Not so fast').getByRole('checkbox')).toBeChecked();
});

test('filter, search and order live in the URL', async ({ page, signIn, request, apiUrl }) => {
  const user = await signIn();
  for (const task of [
    { title: 'Buy oat milk', priority: 'high' },
    { title: 'Answer the landlord', status: 'done' },
    { title: 'Clean the milk frother' },
  ])
    await createTask(request, apiUrl, user.token, task);
  await page.goto('/tasks');
  await expect(page.locator('main li')).toHaveCount(3);
  await page.getByRole('searchbox', { name: 'Search' }).fill('MILK');
  await expect(page).toHaveURL('/tasks?q=MILK');
  await expect(page.locator('main li')).toHaveCount(2);
  await page.getByRole('combobox', { name: 'Priority' }).selectOption('high');
  await expect(page.locator('main li')).toHaveCount(1);
  await page.reload();
  await expect(row(page, 'Buy oat milk')).toBeVisible();
  await expect(page.getByRole('searchbox', { name: 'Search' })).toHaveValue('MILK');
  await page.goto('/tasks?status=done');
  await expect(page.getByRole('radio', { name: 'Done' })).toBeChecked();
  await expect(row(page, 'Answer the landlord')).toBeVisible();
  await expect(page.locator('main li')).toHaveCount(1);
  await page.goto('/tasks?sort=title');
  await expect(page.locator('main li').first()).toHaveAccessibleName('Answer the landlord');
  await page.goto('/tasks?sort=nonsense&status=x&priority=%00');
  await expect(page.locator('main li')).toHaveCount(3);
});

test('the list goes on by itself', async ({ page, signIn, request, apiUrl }) => {
  const user = await signIn();
  for (let i = 1; i <= 60; i++)
    await createTask(request, apiUrl, user.token, { title: `Task ${String(i).padStart(2, '0')}` });
  await page.goto('/tasks');
  await expect(row(page, 'Task 60')).toBeVisible();
  expect(await page.locator('main li').count()).toBeLessThan(60);
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 4_000);
      return page.locator('main li').count();
    })
    .toBe(60);
  await expect(row(page, 'Task 01')).toBeAttached();
  await expect(page.getByRole('button', { name: 'Show more' })).toBeHidden();
});

test('changed elsewhere during an edit: both versions are shown, and either can stay', async ({
  page,
  signIn,
  request,
  apiUrl,
  allowConsoleError,
}) => {
  allowConsoleError('412');
  const user = await signIn();
  const { id } = await createTask(request, apiUrl, user.token, { title: 'Plan the trip' });
  const change = (title: string) =>
    request.patch(`${apiUrl}/api/tasks/${id}`, { headers: { authorization: `Bearer ${user.token}` }, data: { title } });
  await page.goto('/tasks');

  await row(page, 'Plan the trip').getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Title').fill('Plan the trip to Lisbon');
  await change('Plan the trip to Porto');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('region', { name: 'Your version' })).toContainText('Lisbon');
  await expect(page.getByRole('region', { name: 'Saved version' })).toContainText('Porto');
  await page.getByRole('button', { name: 'Keep my version' }).click();
  await expect(row(page, 'Plan the trip to Lisbon')).toBeVisible();

  await row(page, 'Plan the trip to Lisbon').getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Title').fill('Plan the trip to Faro');
  await change('Plan the trip to Évora');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Take the saved version' }).click();
  await expect(row(page, 'Plan the trip to Évora')).toBeVisible();
  await page.reload();
  await expect(row(page, 'Plan the trip to Évora')).toBeVisible();
});

test('changes from another device appear by themselves', async ({ page, newContext, signIn, request, apiUrl }) => {
  const user = await signIn();
  const other = await newContext();
  const phone = await other.newPage();
  await phone.goto('/sign-in');
  await phone.getByLabel('Email').fill(user.email);
  await phone.getByLabel('Password').fill(user.password);
  await phone.getByRole('button', { name: 'Sign in' }).click();
  const listening = page.waitForResponse(
    (response) => response.url().endsWith('/api/tasks/events') && response.status() === 200,
  );
  await page.goto('/tasks');
  await listening;
  await expect(phone.getByRole('heading', { name: 'A clear desk' })).toBeVisible();

  await add(phone, 'From the phone');
  await expect(row(page, 'From the phone')).toBeVisible();
  await row(page, 'From the phone').getByRole('checkbox').check();
  await expect(row(phone, 'From the phone').getByRole('checkbox')).toBeChecked();
  const { id } = await createTask(request, apiUrl, user.token, { title: 'From a script' });
  await expect(row(page, 'From a script')).toBeVisible();
  await request.delete(`${apiUrl}/api/tasks/${id}`, { headers: { authorization: `Bearer ${user.token}` } });
  await expect(row(page, 'From a script')).toBeHidden();
  await expect(row(phone, 'From a script')).toBeHidden();
});

test('offline is told, nothing is lost, and the way back is found', async ({
  page,
  context,
  signIn,
  allowConsoleError,
}) => {
  allowConsoleError(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_NETWORK_CHANGED/);
  await signIn();
  await page.goto('/tasks');
  await add(page, 'Written online');
  await expect(row(page, 'Written online')).not.toHaveAttribute('aria-busy', 'true');
  await context.setOffline(true);
  await expect(page.getByText('You’re offline.')).toBeVisible();
  await add(page, 'Written offline');
  await expect(page.getByRole('textbox', { name: 'New task' })).toHaveValue('Written offline');
  await expect(row(page, 'Written offline')).toBeHidden();
  await expect(row(page, 'Written online')).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText('You’re offline.')).toBeHidden();
  await page.getByRole('button', { name: 'Add task' }).click();
  await expect(row(page, 'Written offline')).not.toHaveAttribute('aria-busy', 'true');
});

test('the whole flow by keyboard alone', async ({ page, createUser }) => {
  const user = await createUser();
  const type = (text: string) => page.keyboard.type(text);
  const press = (key: string) => page.keyboard.press(key);
  /** Tab until the element with this role and name has the focus. */
  async function tabTo(role: 'button' | 'textbox' | 'checkbox' | 'link', name: string) {
    const target = page.getByRole(role, { name, exact: true }).first();
    for (let i = 0; i < 40; i++) {
      await press('Tab');
      if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    }
    throw new Error(`Tab never reached ${role} "${name}".`);
  }

  await page.goto('/sign-in');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled();
  await tabTo('textbox', 'Email');
  await type(user.email);
  await press('Tab');
  // The link beside the label comes first in the reading order.
  if (!(await page.getByLabel('Password').evaluate((element) => element === document.activeElement)))
    await press('Tab');
  await type(user.password);
  await press('Enter');
  await expect(page).toHaveURL('/tasks');
  await expect(page.getByRole('button', { name: 'Add task' })).toBeEnabled();

  await tabTo('textbox', 'New task');
  await type('First');
  await press('Enter');
  await expect(row(page, 'First')).not.toHaveAttribute('aria-busy', 'true');
  await type('Second');
  await press('Enter');
  await expect(row(page, 'Second')).not.toHaveAttribute('aria-busy', 'true');

  await tabTo('checkbox', 'Second');
  await press('ArrowDown');
  await expect(row(page, 'First').getByRole('checkbox')).toBeFocused();
  await press('Space');
  await expect(row(page, 'First').getByRole('checkbox')).toBeChecked();
  await press('ArrowUp');
  await press('e');
  await expect(page.getByLabel('Title')).toBeFocused();
  await press('Control+a');
  await type('Second, improved');
  await press('Enter');
  await expect(row(page, 'Second, improved').getByRole('checkbox')).toBeFocused();
  await press('e');
  await expect(page.getByLabel('Title')).toBeFocused();
  await press('Escape');
  await expect(row(page, 'Second, improved').getByRole('checkbox')).toBeFocused();
  await press('Delete');
  await expect(row(page, 'Second, improved')).toBeHidden();
  await expect(row(page, 'First').getByRole('checkbox')).toBeFocused();
  await press('Delete');
  await expect(page.getByRole('heading', { name: 'A clear desk' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'New task' })).toBeFocused();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Add task' })).toBeEnabled();
  await tabTo('button', `User menu: ${user.name}`);
  await press('Enter');
  await tabTo('button', 'Sign out');
  await press('Enter');
  await expect(page).toHaveURL(/\/sign-in/);
});
