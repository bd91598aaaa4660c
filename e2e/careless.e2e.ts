import type { Page, Route } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { createTask } from './support/api.ts';
import { signInAt } from './support/sign-in.ts';
import { signOut } from './support/sign-out.ts';

const row = (page: Page, title: string) => page.getByRole('listitem', { name: title, exact: true });
const box = (page: Page) => page.getByRole('textbox', { name: 'New task' });

async function add(page: Page, title: string) {
  await box(page).fill(title);
  await page.getByRole('button', { name: 'Add task' }).click();
}

/** Answers as the API's own limiter or an API that is away would. */
const refuse = (route: Route, status: number, retryAfter: number) =>
  route.fulfill({
    status,
    headers: {
      'retry-after': String(retryAfter),
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'Retry-After',
      'content-type': 'application/problem+json',
    },
    body: '{}',
  });

const NETWORK = /ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_NETWORK_CHANGED|ERR_CONNECTION/;

test('a task whose answer was lost is there once, and nothing says that it was not saved', async ({
  page,
  signIn,
  apiUrl,
  allowConsoleError,
}) => {
  allowConsoleError(NETWORK);
  await signIn();
  await page.goto('/tasks');
  const keys: string[] = [];
  await page.route(`${apiUrl}/api/tasks`, async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    keys.push((await route.request().headerValue('idempotency-key')) ?? '');
    if (keys.length > 1) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await add(page, 'Lost on the way back');
  await expect(page.getByText('we don’t know whether this was saved')).toBeVisible();
  await expect(row(page, 'Lost on the way back')).not.toHaveAttribute('aria-busy', 'true');
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
  await page.reload();
  await expect(row(page, 'Lost on the way back')).toHaveCount(1);
});

test('an edit whose answer was lost is saved and does not conflict with itself', async ({
  page,
  signIn,
  request,
  apiUrl,
  allowConsoleError,
}) => {
  allowConsoleError(NETWORK);
  allowConsoleError('412');
  const user = await signIn();
  await createTask(request, apiUrl, user.token, { title: 'Once' });
  await page.goto('/tasks');
  let lost = false;
  await page.route(`${apiUrl}/api/tasks/*`, async (route) => {
    if (route.request().method() !== 'PATCH' || lost) return route.continue();
    lost = true;
    await route.fetch();
    return route.abort();
  });
  await row(page, 'Once').getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Title').fill('Once, changed');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(row(page, 'Once, changed').getByRole('checkbox')).toBeVisible();
});

test('both of two new tasks that could not be saved come back', async ({
  page,
  context,
  signIn,
  allowConsoleError,
}) => {
  allowConsoleError(NETWORK);
  await signIn();
  await page.goto('/tasks');
  await expect(page.getByRole('heading', { name: 'A clear desk' })).toBeVisible();
  await context.setOffline(true);
  await add(page, 'First of two');
  await expect(box(page)).toHaveValue('First of two');
  await add(page, 'Second of two');
  await expect(box(page)).toHaveValue('Second of two');
  await page.reload().catch(() => undefined);
});

test('a deletion that is taken back without a network is taken back once there is one', async ({
  page,
  context,
  signIn,
  request,
  apiUrl,
  allowConsoleError,
}) => {
  allowConsoleError(NETWORK);
  const user = await signIn();
  const { id } = await createTask(request, apiUrl, user.token, { title: 'Precious' });
  await page.goto('/tasks');
  await row(page, 'Precious').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('Task deleted')).toBeVisible();
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, 'Precious')).toBeVisible();
  await context.setOffline(false);
  await expect
    .poll(async () =>
      (await request.get(`${apiUrl}/api/tasks/${id}`, { headers: { authorization: `Bearer ${user.token}` } })).status(),
    )
    .toBe(200);
});

test('a title here and a status there are merged without a question', async ({
  page,
  signIn,
  request,
  apiUrl,
  allowConsoleError,
}) => {
  allowConsoleError('412');
  const user = await signIn();
  const { id } = await createTask(request, apiUrl, user.token, { title: 'Two hands' });
  await page.goto('/tasks');
  await row(page, 'Two hands').getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Title').fill('Two hands, one task');
  await request.patch(`${apiUrl}/api/tasks/${id}`, {
    headers: { authorization: `Bearer ${user.token}` },
    data: { status: 'done' },
  });
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(row(page, 'Two hands, one task').getByRole('checkbox')).toBeChecked();
});

test('a next page that is refused for now is asked for once, and again when a person asks', async ({
  page,
  signIn,
  request,
  apiUrl,
  allowConsoleError,
}) => {
  allowConsoleError('429');
  const user = await signIn();
  for (let i = 1; i <= 30; i++)
    await createTask(request, apiUrl, user.token, { title: `Task ${String(i).padStart(2, '0')}` });
  let asked = 0;
  await page.route(/\/api\/tasks\?.*cursor=/, (route) => ((asked += 1), refuse(route, 429, 30)));
  await page.goto('/tasks');
  await page.getByText('Task 06', { exact: true }).scrollIntoViewIfNeeded();
  await expect(page.getByText('The rest of the list couldn’t be loaded.')).toBeVisible();
  await page.mouse.wheel(0, 2_000);
  expect(asked).toBe(1);
  await page.unroute(/\/api\/tasks\?.*cursor=/);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(row(page, 'Task 01')).toBeAttached();
});

test('what is typed into the search before the script has come is searched for once it has', async ({
  page,
  signIn,
}) => {
  await signIn();
  const held: (() => Promise<void>)[] = [];
  let holding = true;
  await page.route(/\/_next\/static\/.*\.js/, (route) =>
    holding ? void held.push(() => route.continue()) : route.continue(),
  );
  await page.goto('/tasks', { waitUntil: 'commit' });
  await page.getByRole('searchbox', { name: 'Search' }).fill('early');
  holding = false;
  await Promise.all(held.map((release) => release()));
  await expect(page).toHaveURL('/tasks?q=early');
  await expect(page.getByRole('searchbox', { name: 'Search' })).toHaveValue('early');
});

test('the search keeps what is typed on a slow machine, and the browser’s back goes through filters', async ({
  page,
  context,
  signIn,
}) => {
  await signIn();
  await page.goto('/tasks');
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 8 });
  await page.getByRole('searchbox', { name: 'Search' }).pressSequentially('report', { delay: 250 });
  await expect(page).toHaveURL('/tasks?q=report');
  await expect(page.getByRole('searchbox', { name: 'Search' })).toHaveValue('report');
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await page.getByText('Done', { exact: true }).first().click();
  await expect(page).toHaveURL(/status=done/);
  await page.goBack();
  await expect(page).toHaveURL('/tasks?q=report');
});

test('a task that was in progress is so again when unchecked; a new task that the filter hides is announced', async ({
  page,
  signIn,
  request,
  apiUrl,
}) => {
  const user = await signIn();
  await createTask(request, apiUrl, user.token, { title: 'Half way', status: 'in_progress' });
  await page.goto('/tasks');
  const toggled = () => page.waitForResponse((response) => response.request().method() === 'PATCH');
  await Promise.all([toggled(), row(page, 'Half way').getByRole('checkbox').check()]);
  await page.reload();
  await row(page, 'Half way').getByRole('checkbox').uncheck();
  await expect(row(page, 'Half way')).toContainText('In progress');
  await page.goto('/tasks?status=done');
  await page.getByRole('textbox', { name: 'New task' }).fill('Out of sight');
  await page.getByRole('button', { name: 'Add task' }).dblclick();
  await expect(page.getByText('“Out of sight” was added, but isn’t in the list')).toBeVisible();
  await expect(page.getByText('Write what there is to do first.')).toBeHidden();
});

test('a task that is on its way when somebody signs out is saved first', async ({ page, signIn, apiUrl }) => {
  const user = await signIn();
  await page.goto('/tasks');
  let answer: () => void = () => undefined;
  const decided = new Promise<void>((resolve) => (answer = resolve));
  await page.route(`${apiUrl}/api/tasks`, async (route) => {
    if (route.request().method() === 'POST') await decided;
    await route.continue();
  });
  await page.getByRole('textbox', { name: 'New task' }).fill('Before I go');
  await page.getByRole('button', { name: 'Add task' }).click();
  await expect(page.getByRole('listitem', { name: 'Before I go' })).toHaveAttribute('aria-busy', 'true');
  await signOut(page);
  await expect(page.getByRole('button', { name: 'Sign out' })).toHaveAttribute('aria-busy', 'true');
  answer();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto('/sign-in?next=/tasks');
  await signInAt(page, user);
  await expect(page.getByRole('listitem', { name: 'Before I go' })).toBeVisible();
});
