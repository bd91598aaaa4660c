import type { BrowserContext } from '@playwright/test';
import { DEMO_EMAIL } from '../../scripts/demo.ts';

/** Signs a browser in as the demo account. */
export async function signInDemo(context: BrowserContext, webUrl: string, password: string): Promise<void> {
  const response = await context.request.post(`${webUrl}/api/auth/sign-in/email`, {
    data: { email: DEMO_EMAIL, password },
    headers: { origin: webUrl },
  });
  if (!response.ok())
    throw new Error(`Signing the demo account in answered ${response.status()}: ${await response.text()}`);
}
