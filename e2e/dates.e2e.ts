import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { createTask } from './support/api.ts';
import { makeAdmin } from './support/admin.ts';

const row = (page: Page, title: string) => page.getByRole('listitem', { name: title, exact: true });

/** The edges of the calendar: on any moment, at least one of them isn't on the server's day. */
const ZONES = ['Pacific/Kiritimati', 'America/Los_Angeles'];

/** The day by the calendar of a zone, so many days from now, `2030-01-31`. */
const dayIn = (timeZone: string, days = 0) =>
  new Date(Date.now() + days * 86_400_000).toLocaleDateString('sv', { timeZone });

for (const timezoneId of ZONES) {
  test.describe(timezoneId, () => {
    test.use({ timezoneId });

    // React complains in the console where the server's HTML and the page's first look differ: the fixture listens.
    test('the server’s pages are the browser’s, and days are named by the reader’s calendar', async ({
      page,
      context,
      createUser,
      signIn,
      request,
      apiUrl,
    }) => {
      const user = await createUser();
      await makeAdmin(user.email);
      await signIn(user);
      for (const days of [-1, 0, 1]) {
        await createTask(request, apiUrl, user.token, { title: `In ${days}`, dueOn: dayIn(timezoneId, days) });
      }
      const html = await (await context.request.get('/tasks')).text();
      await page.goto('/tasks');
      for (const [days, words] of [
        [-1, 'Was due yesterday'],
        [0, 'Due today'],
        [1, 'Due tomorrow'],
      ] as const) {
        const day = dayIn(timezoneId, days);
        await expect(row(page, `In ${days}`).getByText(words)).toHaveAttribute('datetime', day);
        expect(html).toMatch(new RegExp(`<time dateTime="${day}">[^<]*${day}</time>`, 'i'));
      }
      for (const path of ['/account', '/account/sessions', '/admin']) {
        await page.goto(path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        // The script has come.
        await expect(page.getByRole('main').locator('button:enabled').first()).toBeVisible();
      }
    });
  });
}

test('a day that is set in Los Angeles is that day in Kiritimati, in the API and before the script has come', async ({
  newContext,
  signIn,
  context,
  createUser,
  request,
  apiUrl,
}) => {
  const user = await signIn(await createUser());
  const { id } = await createTask(request, apiUrl, user.token, { title: 'Lease ends' });
  const state = await context.storageState();
  const [home, away, scriptless] = [
    await newContext({ storageState: state, timezoneId: 'America/Los_Angeles', locale: 'en-GB' }),
    await newContext({ storageState: state, timezoneId: 'Pacific/Kiritimati', locale: 'en-GB' }),
    await newContext({ storageState: state, timezoneId: 'Pacific/Kiritimati', javaScriptEnabled: false }),
  ];
  const page = await home.newPage();
  await page.goto('/tasks');
  await row(page, 'Lease ends').getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Due').fill('2040-03-03');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(row(page, 'Lease ends').getByText('Due 3 Mar 2040')).toBeVisible();
  const saved = await request.get(`${apiUrl}/api/tasks/${id}`, { headers: { authorization: `Bearer ${user.token}` } });
  expect(await saved.json()).toMatchObject({ data: { dueOn: '2040-03-03' } });
  for (const [other, words] of [
    [away, 'Due 3 Mar 2040'],
    [scriptless, 'Due 2040-03-03'],
  ] as const) {
    const reader = await other.newPage();
    await reader.goto('/tasks');
    await expect(row(reader, 'Lease ends').getByText(words)).toBeVisible();
  }
});

test('a page that is left open over midnight turns over', async ({ page, signIn, request, apiUrl }) => {
  const user = await signIn();
  await createTask(request, apiUrl, user.token, { title: 'Water the plants', dueOn: '2031-05-02' });
  await page.clock.install({ time: '2031-05-01T23:58:00Z' });
  await page.goto('/tasks');
  await expect(page.getByText('Good evening')).toBeVisible();
  await expect(row(page, 'Water the plants').getByText('Due tomorrow')).toBeVisible();
  await page.clock.fastForward('03:00');
  await expect(row(page, 'Water the plants').getByText('Due today')).toBeVisible();
  await expect(page.getByText('Good night')).toBeVisible();
  await page.clock.fastForward('24:00:00');
  await expect(row(page, 'Water the plants').getByText('Was due yesterday')).toBeVisible();
});
