import { expect, test } from './fixtures.ts';
import { makeAdmin } from './support/admin.ts';
import { signInAt } from './support/sign-in.ts';

test('two people sign in in two tabs: the first tab says so, and changes nothing of the other’s', async ({
  page,
  context,
  createUser,
  allowConsoleError,
  apiUrl,
  request,
}) => {
  allowConsoleError('409');
  const alice = await createUser('Alice Liddell');
  const bob = await createUser('Bob Cratchit');
  const second = await context.newPage();
  await page.goto('/sign-in');
  await second.goto('/sign-in');
  await signInAt(page, alice);
  await page.goto('/account');
  await signInAt(second, bob);

  await expect(page.getByRole('alert').filter({ hasText: 'signed in as Bob Cratchit now' })).toBeVisible();
  await page.getByLabel('Name').fill('Alice the Great');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Nothing was sent')).toBeVisible();
  const me = await request.get(`${apiUrl}/api/me`, { headers: { authorization: `Bearer ${bob.token}` } });
  expect(((await me.json()) as { data: { user: { name: string } } }).data.user.name).toBe('Bob Cratchit');

  await page.getByRole('button', { name: 'Load the page anew' }).click();
  await expect(page.getByLabel('Name')).toHaveValue('Bob Cratchit');
});

test('the server refuses a page of another account, even one that heard of nothing', async ({
  page,
  context,
  createUser,
  webUrl,
  clientAddress,
}) => {
  const bob = await createUser('Bob Cratchit');
  await page.goto('/sign-in');
  await signInAt(page, bob);
  const answer = await context.request.post(`${webUrl}/api/auth/update-user`, {
    data: { name: 'Somebody else' },
    headers: { origin: webUrl, 'x-page-account': 'somebody-else', 'x-forwarded-for': clientAddress },
  });
  expect(answer.status()).toBe(409);
  expect(await answer.json()).toMatchObject({ code: 'ACCOUNT_CHANGED' });
});

test('a link in a tab of another account shows that account whole, not its rows under a foreign name', async ({
  page,
  context,
  createUser,
  allowConsoleError,
}) => {
  allowConsoleError('409');
  const alice = await createUser('Alice Liddell');
  const bob = await createUser('Bob Cratchit');
  const second = await context.newPage();
  await second.goto('/sign-in');
  await page.goto('/sign-in');
  await signInAt(page, alice);
  await signInAt(second, bob);
  await page.getByRole('link', { name: 'Account' }).click();
  await expect(page.getByLabel('Name')).toHaveValue('Bob Cratchit');
  await expect(page.getByRole('button', { name: 'User menu: Bob Cratchit' })).toBeVisible();
});

test('an administrator acts as somebody in one tab: every tab says so at once', async ({
  page,
  context,
  createUser,
  signIn,
  allowConsoleError,
}) => {
  allowConsoleError('409');
  const grace = await createUser('Grace Hopper');
  const admin = await createUser('Barbara Liskov');
  await makeAdmin(admin.email);
  await signIn(admin);
  const second = await context.newPage();
  await page.goto('/tasks');
  await second.goto(`/admin?q=${encodeURIComponent(grace.email)}`);
  await second.getByRole('button', { name: 'Impersonate' }).click();
  await second.getByRole('alertdialog').getByRole('button', { name: 'Act as them' }).click();
  await expect(second.getByText('You are acting as Grace Hopper')).toBeVisible();
  await expect(page.getByRole('alert').filter({ hasText: 'signed in as Grace Hopper now' })).toBeVisible();
  await page.getByRole('button', { name: 'Load the page anew' }).click();
  await expect(page.getByText('You are acting as Grace Hopper')).toBeVisible();
});

test('who is signed in, the theme and the way out are in one menu', async ({ page, signIn }) => {
  const user = await signIn();
  await page.goto('/tasks');
  await page.getByRole('button', { name: `User menu: ${user.name}` }).click();
  await expect(page.getByText(user.email)).toBeVisible();
  await page.getByRole('button', { name: 'Dark theme' }).click();
  await expect(page.locator('html')).toHaveClass(/dark/);
  await page.keyboard.press('Escape');
  await expect(page.getByText(user.email)).toBeHidden();
});

test('an address without a page is said inside the frame', async ({ page, signIn, allowConsoleError }) => {
  allowConsoleError('404');
  await signIn();
  const response = await page.goto('/nothing-here');
  expect(response?.status()).toBe(404);
  await expect(page.getByRole('heading', { name: 'There’s nothing here' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Tasks' })).toBeVisible();
});

test('a link that is followed without a network says so and keeps the page', async ({
  page,
  context,
  signIn,
  allowConsoleError,
}) => {
  allowConsoleError('ERR_INTERNET_DISCONNECTED');
  await signIn();
  await page.goto('/tasks');
  await expect(page.getByRole('heading', { name: 'Your tasks' })).toBeVisible();
  await page.getByRole('textbox', { name: 'New task' }).fill('half written');
  await context.setOffline(true);
  await page.getByRole('link', { name: 'Account' }).click();
  await expect(page.getByText('The page can be opened once you’re back.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'New task' })).toHaveValue('half written');
  await context.setOffline(false);
});

test('a name of a hundred letters sticks out nowhere', async ({ page, createUser, signIn }) => {
  const admin = await createUser('Barbara Liskov');
  const long = await createUser('W'.repeat(100));
  await makeAdmin(admin.email);
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(long);
  for (const path of ['/tasks', '/account', '/account/sessions']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390);
  }
  await signIn(admin);
  await page.goto(`/admin?q=${long.name.slice(0, 50)}`);
  await expect(page.getByRole('listitem').first()).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth), '/admin').toBeLessThanOrEqual(390);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the tasks page says what is missing', async ({ page, signIn }) => {
    await signIn();
    await page.goto('/tasks');
    expect(await page.content()).toMatch(/<noscript>.*This page needs JavaScript/s);
  });
});

test.describe('with colours of one’s own', () => {
  test('the current page and the chosen filter have a line around them', async ({ page, signIn }) => {
    await page.emulateMedia({ forcedColors: 'active' });
    await signIn();
    await page.goto('/tasks');
    const width = (name: string) =>
      page.getByRole('link', { name }).evaluate((link) => getComputedStyle(link).outlineStyle);
    expect(await width('Tasks')).toBe('solid');
    expect(await width('Account')).toBe('none');
  });
});
