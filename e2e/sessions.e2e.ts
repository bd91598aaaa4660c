import { expect, test } from './fixtures.ts';
import { TIMEOUT_FACTOR } from './network.ts';
import { signOut } from './support/sign-out.ts';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

test('two browsers: the revoked one is signed out by itself', async ({ page, newContext, signIn, request, apiUrl }) => {
  const user = await signIn();
  const other = await newContext({ userAgent: FIREFOX });
  const revoked = await other.newPage();
  await revoked.goto('/sign-in');
  await revoked.getByLabel('Email').fill(user.email);
  await revoked.getByLabel('Password').fill(user.password);
  await revoked.getByRole('button', { name: 'Sign in' }).click();
  await expect(revoked.getByRole('heading', { name: 'Your tasks' })).toBeVisible();

  await page.goto('/account/sessions');
  const device = page.getByRole('listitem', { name: 'Firefox on Linux' });
  await expect(page.getByText('This device')).toHaveCount(1);
  await expect(device).toContainText(/\d+\.\d+\.\d+\.\d+/);
  const at = Date.now();
  await device.getByRole('button', { name: 'Revoke' }).click();
  await expect(revoked).toHaveURL(/\/sign-in\?reason=ended/);
  test.info().annotations.push({ type: 'revoked after', description: `${Date.now() - at} ms` });
  expect(Date.now() - at, 'milliseconds until the other browser had left').toBeLessThan(5_000 * TIMEOUT_FACTOR);
  await expect(revoked.getByText('Your session ended')).toBeVisible();
  await expect(device).toBeHidden();

  // The session made by the fixture's sign-up is still there, and goes with the rest.
  await page.getByRole('button', { name: 'Sign out other devices' }).click();
  await expect(page.getByText('You aren’t signed in anywhere else.')).toBeVisible();
  expect((await request.get(`${apiUrl}/api/me`, { headers: { authorization: `Bearer ${user.token}` } })).status()).toBe(
    401,
  );
  await page.reload();
  await expect(page.getByRole('listitem').filter({ hasText: 'This device' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Revoke' })).toHaveCount(0);
});

test('signing out in one tab signs out the other', async ({ page, context, signIn, allowConsoleError }) => {
  // How the other tab finds out.
  allowConsoleError('401');
  await signIn();
  await page.goto('/tasks');
  const second = await context.newPage();
  await second.goto('/account');
  await expect(second.getByRole('heading', { name: 'Account', exact: true })).toBeVisible();
  await signOut(page);
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(second).toHaveURL(/\/sign-in\?next=%2Faccount&reason=ended/);
});
