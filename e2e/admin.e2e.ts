import { expect, test } from './fixtures.ts';
import { makeAdmin } from './support/admin.ts';

test('the page does not exist for anybody else', async ({ page, signIn, allowConsoleError }) => {
  allowConsoleError('404');
  await signIn();
  await page.goto('/tasks');
  await expect(page.getByRole('link', { name: 'Admin' })).toHaveCount(0);
  await page.goto('/admin');
  await expect(page.getByRole('heading', { name: 'There’s nothing here' })).toBeVisible();
});

test('find somebody, act as them and come back, ban them, change their role', async ({
  page,
  newContext,
  createUser,
  signIn,
  request,
  apiUrl,
  allowConsoleError,
}) => {
  test.slow();
  allowConsoleError('403');
  const grace = await createUser('Grace Hopper');
  const admin = await createUser('Barbara Liskov');
  await makeAdmin(admin.email);
  await signIn(admin);

  await page.goto('/tasks');
  await page.getByRole('link', { name: 'Admin' }).click();
  await page.getByRole('searchbox', { name: 'Find a user' }).fill(grace.email);
  await page.getByRole('button', { name: 'Find' }).click();
  const person = page.getByRole('listitem').filter({ hasText: grace.email });
  await expect(person).toBeVisible();

  await test.step('impersonate, with a banner and a way back', async () => {
    await person.getByRole('button', { name: 'Impersonate' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Act as them' }).click();
    await expect(page).toHaveURL('/tasks');
    await expect(page.getByText(`You are acting as Grace Hopper (${grace.email})`)).toBeVisible();
    await page.getByRole('link', { name: 'Account' }).click();
    await expect(page.getByText('You are acting as')).toBeVisible();
    await expect(page.getByLabel('Name')).toHaveValue('Grace Hopper');
    await page.getByRole('button', { name: 'Stop impersonating' }).click();
    await expect(page).toHaveURL('/admin');
    await expect(page.getByText('You are acting as')).toBeHidden();
  });

  const hers = await newContext();
  const browserOfGrace = await hers.newPage();
  async function graceSignsIn() {
    await browserOfGrace.goto('/sign-in');
    await browserOfGrace.getByLabel('Email').fill(grace.email);
    await browserOfGrace.getByLabel('Password').fill(grace.password);
    await browserOfGrace.getByRole('button', { name: 'Sign in' }).click();
  }

  await test.step('ban: signed out everywhere at once, and not let in again', async () => {
    await graceSignsIn();
    await expect(browserOfGrace.getByRole('heading', { name: 'Your tasks' })).toBeVisible();
    await page.goto(`/admin?q=${encodeURIComponent(grace.email)}`);
    await person.getByRole('button', { name: 'Ban' }).click();
    await page.getByRole('alertdialog').getByLabel('Reason').fill('Sells watches');
    await page.getByRole('alertdialog').getByLabel('How long').selectOption('A week');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Ban and sign out' }).click();
    await expect(person.getByText(/^Banned until \d{4}-\d\d-\d\d: Sells watches$/)).toBeVisible();
    await expect(browserOfGrace).toHaveURL(/\/sign-in/);
    expect(
      (await request.get(`${apiUrl}/api/me`, { headers: { authorization: `Bearer ${grace.token}` } })).status(),
    ).toBe(401);
    await graceSignsIn();
    await expect(browserOfGrace.getByText('This account has been suspended')).toBeVisible();
  });

  await test.step('lift the ban, change the role', async () => {
    await person.getByRole('button', { name: 'Lift ban' }).click();
    await expect(person.getByText('Banned')).toHaveCount(0);
    await person.getByRole('button', { name: 'Make admin' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Make an administrator' }).click();
    await expect(person.getByText('Admin', { exact: true })).toBeVisible();
    await graceSignsIn();
    await expect(browserOfGrace.getByRole('link', { name: 'Admin' })).toBeVisible();
  });
});
