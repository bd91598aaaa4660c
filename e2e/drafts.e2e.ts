/// <reference lib="dom" />
import type { APIRequestContext, Page } from '@playwright/test';
import { expect, test, type TestUser } from './fixtures.ts';
import { createTask } from './support/api.ts';
import { signInAt } from './support/sign-in.ts';
import { signOut } from './support/sign-out.ts';
import { streaming } from './support/streaming.ts';

const THOUGHT = 'A thought that took an hour';
const row = (page: Page, title: string) => page.getByRole('listitem', { name: title, exact: true });
const notes = (page: Page) => page.getByLabel('Notes');
const bearer = ({ token }: TestUser) => ({ headers: { authorization: `Bearer ${token}` } });

/** The edit is closed, and its row has what was written. */
async function isSaved(page: Page, title: string): Promise<void> {
  await expect(row(page, title).getByRole('checkbox')).toBeVisible();
  await expect(row(page, title)).toContainText(THOUGHT);
}

/** Opens the tasks page and writes into an edit of this task. */
async function write(page: Page, title: string): Promise<void> {
  await page.goto('/tasks');
  await row(page, title).getByRole('button', { name: 'Edit' }).click();
  await notes(page).fill(THOUGHT);
}

const stored = (page: Page) => page.evaluate(() => JSON.stringify([sessionStorage, localStorage]));

/** Ends the sessions of everybody but this request's own: as a change of the password elsewhere does. */
async function endOtherSessions(
  request: APIRequestContext,
  webUrl: string,
  address: string,
  user: TestUser,
): Promise<void> {
  const response = await request.post(`${webUrl}/api/auth/revoke-other-sessions`, {
    data: {},
    headers: { authorization: `Bearer ${user.token}`, origin: webUrl, 'x-forwarded-for': address },
  });
  expect(response.status(), await response.text()).toBe(200);
}

test('an edit survives a filter, a link away and back, and a reload; Escape asks first', async ({
  page,
  signIn,
  request,
  apiUrl,
}) => {
  const user = await signIn();
  await createTask(request, apiUrl, user.token, { title: 'Draft' });
  await write(page, 'Draft');
  await notes(page).press('Escape');
  await page.getByRole('button', { name: 'Keep editing' }).click();
  await page.getByText('Done', { exact: true }).first().click();
  await expect(page.getByText('“Draft” isn’t in this list.')).toBeVisible();
  await expect(notes(page)).toHaveValue(THOUGHT);
  await page.getByRole('link', { name: 'Account' }).click();
  await expect(page.getByRole('heading', { name: 'Account', exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'Tasks' }).click();
  await expect(notes(page)).toHaveValue(THOUGHT);
  await page.reload();
  await expect(notes(page)).toHaveValue(THOUGHT);
  await page.getByRole('button', { name: 'Save' }).click();
  await isSaved(page, 'Draft');
  await row(page, 'Draft').getByRole('button', { name: 'Edit' }).click();
  await notes(page).fill('Not worth it');
  await notes(page).press('Escape');
  await page.getByRole('button', { name: 'Discard' }).click();
  await isSaved(page, 'Draft');
});

test('Escape and Enter of an input method belong to it', async ({ page, context, signIn, request, apiUrl }) => {
  const user = await signIn();
  await createTask(request, apiUrl, user.token, { title: 'Draft' });
  await page.goto('/tasks');
  await row(page, 'Draft').getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Title').fill('');
  const devtools = await context.newCDPSession(page);
  // What a browser sees while suggestions are open: key presses with the code 229, none of which writes anything.
  await devtools.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
  for (const [key, modifiers] of [
    ['Escape', 0],
    ['Enter', 0],
    ['Enter', 2],
  ] as const) {
    const press = { key, code: key, modifiers, windowsVirtualKeyCode: 229 };
    await devtools.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...press });
  }
  await devtools.send('Input.insertText', { text: '日本' });
  await expect(page.getByLabel('Title')).toHaveValue('日本');
  await expect(page.getByText('Discard what you changed?')).toBeHidden();
  // The same key once the composition is over.
  await page.getByLabel('Title').press('Escape');
  await expect(page.getByText('Discard what you changed?')).toBeVisible();
});

test('an edit of a task that is deleted elsewhere says so wherever it stands, and Save makes the task again', async ({
  page,
  signIn,
  request,
  apiUrl,
  allowConsoleError,
}) => {
  allowConsoleError(/40[4]|412/);
  const user = await signIn();
  const ids = new Map<string, string>();
  for (const title of ['Seen', 'Unseen']) ids.set(title, (await createTask(request, apiUrl, user.token, { title })).id);
  const deleted = (title: string) =>
    page.getByRole('group', { name: title }).getByText('This task was deleted somewhere else.');
  const erase = (title: string) => request.delete(`${apiUrl}/api/tasks/${ids.get(title)}`, bearer(user));

  // While the page looks on, with its row in the list.
  const live = streaming(page);
  await write(page, 'Seen');
  await live;
  await erase('Seen');
  await expect(deleted('Seen')).toBeVisible();
  await expect(notes(page)).toHaveValue(THOUGHT);
  await page.getByRole('button', { name: 'Save' }).click();
  await isSaved(page, 'Seen');

  // While nobody looks on, under a filter that never held it.
  await write(page, 'Unseen');
  await page.getByText('Done', { exact: true }).first().click();
  await expect(page.getByText('“Unseen” isn’t in this list.')).toBeVisible();
  await page.goto('about:blank');
  await erase('Unseen');
  await page.goto('/tasks?status=done');
  await expect(deleted('Unseen')).toBeVisible();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('region', { name: 'Unsaved changes' })).toBeHidden();
  await page.goto('/tasks');
  await isSaved(page, 'Unseen');
});

test('a save that learns of the deletion keeps the text, and the next one makes the task again', async ({
  page,
  context,
  signIn,
  request,
  apiUrl,
  allowConsoleError,
}) => {
  allowConsoleError(/404|412|ERR_FAILED/);
  const user = await signIn();
  const { id } = await createTask(request, apiUrl, user.token, { title: 'Draft' });
  // No news comes.
  await context.route('**/api/tasks/events', (route) => route.abort());
  await write(page, 'Draft');
  await request.delete(`${apiUrl}/api/tasks/${id}`, bearer(user));
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('This task was deleted somewhere else.')).toBeVisible();
  await expect(notes(page)).toHaveValue(THOUGHT);
  await page.getByRole('button', { name: 'Save' }).click();
  await isSaved(page, 'Draft');
});

test('a session that ended keeps what its account wrote, and shows it to no other', async ({
  page,
  createUser,
  signIn,
  request,
  apiUrl,
  webUrl,
  clientAddress,
  allowConsoleError,
}) => {
  allowConsoleError('401');
  const alice = await createUser('Alice Liddell');
  const bob = await createUser('Bob Cratchit');
  await createTask(request, apiUrl, alice.token, { title: 'Draft' });
  await signIn(alice);
  const live = streaming(page);
  await write(page, 'Draft');
  await page.getByRole('textbox', { name: 'New task' }).fill('half written');
  await live;

  await endOtherSessions(request, webUrl, clientAddress, alice);
  await expect(page).toHaveURL(/\/sign-in.*reason=ended/);
  await signInAt(page, alice);
  await expect(notes(page)).toHaveValue(THOUGHT);
  await expect(page.getByRole('textbox', { name: 'New task' })).toHaveValue('half written');

  const live2 = streaming(page);
  await page.reload();
  await live2;
  await endOtherSessions(request, webUrl, clientAddress, alice);
  await expect(page).toHaveURL(/\/sign-in.*reason=ended/);
  await signInAt(page, bob);
  await expect(page.getByRole('textbox', { name: 'New task' })).toHaveValue('');
  await expect(notes(page)).toBeHidden();
  await expect.poll(() => stored(page)).not.toContain(THOUGHT);
});

test('whoever signs out leaves nothing behind, in no tab', async ({
  page,
  context,
  signIn,
  request,
  apiUrl,
  allowConsoleError,
}) => {
  // How the other tab finds out.
  allowConsoleError('401');
  const user = await signIn();
  await createTask(request, apiUrl, user.token, { title: 'Draft' });
  const second = await context.newPage();
  await write(second, 'Draft');
  await write(page, 'Draft');
  await signOut(page);
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(second).toHaveURL(/\/sign-in/);
  for (const tab of [page, second]) {
    expect(await stored(tab)).not.toContain(THOUGHT);
  }
  await page.goto('/sign-in?next=/tasks');
  await signInAt(page, user);
  await expect(row(page, 'Draft').getByRole('checkbox')).toBeVisible();
  await expect(notes(page)).toBeHidden();
});
