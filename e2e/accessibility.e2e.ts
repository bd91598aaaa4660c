/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from './fixtures.ts';
import { createTask } from './support/api.ts';

const SIGNED_OUT = [
  '/sign-in',
  '/sign-in?reason=ended',
  '/sign-up',
  '/forgot-password',
  '/reset-password?token=x',
  '/two-factor',
  '/email-verified',
  '/nothing-here',
];
const SIGNED_IN = ['/tasks', '/tasks?q=nothing-like-this', '/account', '/account/sessions'];

const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  // Of the system's or the reader's own choice: high contrast.
  'forced colours': { contextOptions: { forcedColors: 'active' } },
} as const;

for (const [look, options] of Object.entries(LOOKS)) {
  test.describe(look, () => {
    test.use(options);

    test('no axe violation on any signed-out page', async ({ page, allowConsoleError }) => {
      test.slow();
      allowConsoleError('404');
      for (const path of SIGNED_OUT) {
        await page.goto(path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
          path,
        ).toEqual([]);
      }
    });

    test('no axe violation on any signed-in page, nor while editing or asked a question', async ({
      page,
      signIn,
      request,
      apiUrl,
    }) => {
      test.slow();
      const user = await signIn();
      for (const task of [
        { title: 'Overdue and important', priority: 'high', dueAt: '2020-01-01T12:00:00Z' },
        { title: 'Under way', status: 'in_progress', description: 'With a note\non two lines', priority: 'low' },
        { title: 'Finished', status: 'done' },
      ])
        await createTask(request, apiUrl, user.token, task);
      const check = async (what: string) => {
        // Whatever moves has come to rest: a colour half way through a transition is nobody's choice.
        // A movement that is called off, since its element went, rejects; it has come to rest too.
        await page.evaluate(() =>
          Promise.allSettled(
            document
              .getAnimations()
              .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
              .map(({ finished }) => finished),
          ),
        );
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
          what,
        ).toEqual([]);
      };
      for (const path of SIGNED_IN) {
        await page.goto(path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await check(path);
      }
      await page.goto('/tasks');
      await page.getByRole('listitem', { name: 'Under way' }).getByRole('button', { name: 'Edit' }).click();
      await expect(page.getByLabel('Title')).toBeFocused();
      await check('the editor');
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('listitem', { name: 'Finished' }).getByRole('button', { name: 'Delete' }).click();
      await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
      await check('a toast');
      await page.goto('/account');
      await page.getByRole('button', { name: 'Delete account' }).click();
      await expect(page.getByRole('alertdialog')).toBeVisible();
      await check('a question');
    });
  });
}

test('at 360 px nothing sticks out, and everything can be pressed with a thumb', async ({
  page,
  signIn,
  request,
  apiUrl,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const user = await signIn();
  await createTask(request, apiUrl, user.token, {
    title: 'AVeryLongTitleWithoutAnySpaceThatCouldBeBrokenAnywhereAtAllInTheWorld'.repeat(2),
    description: 'x'.repeat(300),
  });
  for (const path of ['/tasks', '/account', '/account/sessions']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360);
  }
  await page.goto('/tasks');
  for (const button of await page.getByRole('main').getByRole('button').all()) {
    const box = await button.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(24);
  }
});
