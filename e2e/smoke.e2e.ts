import { expect, test } from './fixtures.ts';

test('the first page leads a stranger to sign in', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('somebody with an account finds their tasks', async ({ page, signIn }) => {
  const traced: string[] = [];
  page.on('request', (sent) => {
    if (sent.headers()['traceparent'] || sent.url().endsWith('/traces')) traced.push(sent.url());
  });
  await signIn();
  await page.goto('/');
  await expect(page).toHaveURL(/\/tasks/);
  await page.getByRole('textbox', { name: 'New task' }).fill('Untraced');
  await page.getByRole('button', { name: 'Add task' }).click();
  await expect(page.getByRole('listitem', { name: 'Untraced' })).not.toHaveAttribute('aria-busy', 'true');
  // Nobody has asked for traces here.
  expect(traced).toEqual([]);
  expect((await page.request.post('/traces', { data: [] })).status()).toBe(404);
});

test('the API knows who asks, and shows nobody else’s tasks', async ({ apiUrl, createUser, request }) => {
  const [ada, grace] = [await createUser('Ada'), await createUser('Grace')];
  const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const created = await request.post(`${apiUrl}/api/tasks`, {
    ...as(ada.token),
    data: { title: 'Write the first program' },
  });
  expect(created.status()).toBe(201);
  const { id } = ((await created.json()) as { data: { id: string } }).data;
  expect((await request.get(`${apiUrl}/api/tasks/${id}`, as(ada.token))).status()).toBe(200);
  expect((await request.get(`${apiUrl}/api/tasks/${id}`, as(grace.token))).status()).toBe(404);
  expect((await request.get(`${apiUrl}/api/me`)).status()).toBe(401);
});
