import type { Page, Response } from '@playwright/test';

/** The answer with which the page's live updates begin: from then on it hears of what happens elsewhere. */
export const streaming = (page: Page): Promise<Response> =>
  page.waitForResponse((response) => response.url().endsWith('/api/tasks/events') && response.status() === 200);
