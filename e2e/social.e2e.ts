import { expect, test } from './fixtures.ts';
import { signOut } from './support/sign-out.ts';

/** Who the provider of this run knows; set beside the stack. */
const email = process.env['E2E_OIDC_EMAIL'] ?? '';

test('sign in with a provider: an account of its own, the way back, and the way out', async ({ page }) => {
  expect(email, 'The stack runs without a provider: set OIDC_* for it and E2E_OIDC_EMAIL here.').not.toBe('');
  await page.goto('/sign-in?next=/account');
  await expect(page.getByRole('button', { name: 'Continue with GitHub' }), 'not configured: hidden').toHaveCount(0);
  await page.getByRole('button', { name: 'Continue with single sign-on' }).click();
  await expect(page).toHaveURL('/account');
  await expect(page.getByText(email)).toBeVisible();
  await expect(page.getByText('Confirmed', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Set a password' })).toBeVisible();

  await page.getByRole('link', { name: 'Tasks' }).click();
  await page.getByRole('textbox', { name: 'New task' }).fill('Signed in elsewhere');
  await page.getByRole('button', { name: 'Add task' }).click();
  await expect(page.getByRole('listitem', { name: 'Signed in elsewhere' }).first()).toBeVisible();

  await signOut(page);
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto('/tasks');
  await expect(page).toHaveURL(/\/sign-in/);

  await test.step('a second time it is the same person', async () => {
    await page.goto('/sign-up');
    await page.getByRole('button', { name: 'Continue with single sign-on' }).click();
    await expect(page.getByRole('listitem', { name: 'Signed in elsewhere' }).first()).toBeVisible();
  });
});

test('a provider that refuses leads back to the sign-in page, which says so', async ({ page }) => {
  await page.goto('/sign-in?error=access_denied');
  await expect(page.getByText('Signing in there didn’t work out.')).toBeVisible();
});
