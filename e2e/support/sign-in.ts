import type { Page } from '@playwright/test';
import { expect, type TestUser } from '../fixtures.ts';

/** Signs in on the page that asks for it. */
export async function signInAt(page: Page, { email, password }: TestUser): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Your tasks' })).toBeVisible();
}
