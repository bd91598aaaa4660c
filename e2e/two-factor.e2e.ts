import type { Locator } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { totp } from './support/totp.ts';
import { signOut } from './support/sign-out.ts';

test('two-factor: set up, sign in with a code, then with a backup code, turn off', async ({
  page,
  signIn,
  allowConsoleError,
}) => {
  test.slow();
  allowConsoleError(/40[01]/);
  // Three codes in ten seconds are what the limit allows; this test is faster than a person.
  allowConsoleError('429');
  const user = await signIn();
  const setUp = page.getByRole('region', { name: 'Two-factor authentication' });

  /** Sends the code, and again when asked to wait first, as a person would. */
  async function submit(button: Locator) {
    for (;;) {
      const answered = page.waitForResponse('**/api/auth/two-factor/verify-*');
      await button.click();
      const answer = await answered;
      if (answer.status() !== 429) return;
      await page.waitForTimeout(Number(answer.headers()['retry-after']) * 1_000);
    }
  }

  const { secret, backup } = await test.step('set up', async () => {
    await page.goto('/account');
    await setUp.getByLabel('Your password').fill(user.password);
    await setUp.getByRole('button', { name: 'Set up' }).click();
    await expect(setUp.getByRole('img', { name: 'The key as a picture' })).toBeVisible();
    const key = (await setUp.getByTestId('totp-secret').textContent())?.trim() ?? '';
    await setUp.getByLabel('Code').fill('000000');
    await submit(setUp.getByRole('button', { name: 'Turn on' }));
    await expect(setUp.getByRole('alert')).toBeVisible();
    await setUp.getByLabel('Code').fill(totp(key));
    await submit(setUp.getByRole('button', { name: 'Turn on' }));
    const codes = setUp.getByRole('list', { name: 'Backup codes' }).getByRole('listitem');
    await expect(codes).not.toHaveCount(0);
    const first = (await codes.first().textContent())?.trim() ?? '';
    await setUp.getByRole('button', { name: 'I’ve kept them' }).click();
    return { secret: key, backup: first };
  });

  async function password() {
    await signOut(page);
    await expect(page).toHaveURL(/\/sign-in/);
    await page.goto('/sign-in?next=/account');
    await page.getByLabel('Email').fill(user.email);
    await page.getByLabel('Password').fill(user.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page).toHaveURL(/\/two-factor\?next=%2Faccount/);
  }

  await test.step('the password alone opens nothing', async () => {
    await password();
    await page.goto('/tasks');
    await expect(page).toHaveURL(/\/sign-in/);
  });

  await test.step('with a code', async () => {
    await page.goto('/two-factor?next=/account');
    await page.getByLabel('Code').fill('123456');
    await submit(page.getByRole('button', { name: 'Continue' }));
    await expect(page.getByRole('alert').filter({ hasText: 'code' })).toBeVisible();
    await page.getByLabel('Code').fill(totp(secret));
    await submit(page.getByRole('button', { name: 'Continue' }));
    await expect(page).toHaveURL('/account');
  });

  await test.step('with a backup code', async () => {
    await password();
    await page.getByRole('button', { name: 'Use a backup code' }).click();
    await page.getByLabel('Backup code').fill(backup);
    await submit(page.getByRole('button', { name: 'Continue' }));
    await expect(page).toHaveURL('/account');
  });

  await test.step('turn off', async () => {
    const off = setUp.getByRole('form', { name: 'Turn off' });
    await off.getByLabel('Your password').fill(user.password);
    await off.getByRole('button', { name: 'Turn off' }).click();
    await expect(setUp.getByRole('button', { name: 'Set up' })).toBeVisible();
  });
});
