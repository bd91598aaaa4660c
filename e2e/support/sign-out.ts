import type { Page } from '@playwright/test';

/** Signs out as a person does: the button is in the user menu. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'User menu' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
}
