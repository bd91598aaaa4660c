import { expect, test } from './fixtures.ts';
import { signOut } from './support/sign-out.ts';

test('sign up, add, complete and delete a task, sign out, and find the tasks closed', async ({
  page,
  clientAddress,
}) => {
  const email = `newcomer.${clientAddress.replaceAll('.', '-')}.${Date.now()}@example.com`;

  await test.step('a stranger is led to sign in and back to where they wanted to go', async () => {
    await page.goto('/tasks?status=todo');
    await expect(page).toHaveURL(/\/sign-in\?next=%2Ftasks%3Fstatus%3Dtodo/);
    await page.getByRole('link', { name: 'Create an account' }).click();
    await expect(page).toHaveURL(/\/sign-up\?next=/);
  });

  await test.step('sign up', async () => {
    await page.getByLabel('Name').fill('Ada Lovelace');
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill('a long enough password');
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect(page).toHaveURL('/tasks?status=todo');
    await expect(page.getByText('Nothing fits')).toBeVisible();
    await page.getByRole('button', { name: 'Show all tasks' }).click();
    await expect(page.getByRole('heading', { name: 'A clear desk' })).toBeVisible();
  });

  const task = page.getByRole('listitem', { name: 'Water the plants' });
  await test.step('add', async () => {
    await page.getByRole('textbox', { name: 'New task' }).fill('Water the plants');
    await page.getByRole('button', { name: 'Add task' }).click();
    await expect(task).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'New task' })).toHaveValue('');
    await page.reload();
    await expect(task).toBeVisible();
  });

  await test.step('complete', async () => {
    await task.getByRole('checkbox').check();
    await expect(task.getByRole('checkbox')).toBeChecked();
    // Saved: what a reload interrupts is sent again, and the edit below would meet it.
    await expect(task).not.toHaveAttribute('aria-busy', 'true');
    await page.reload();
    await expect(task.getByRole('checkbox')).toBeChecked();
  });

  await test.step('edit in place', async () => {
    await task.hover();
    await task.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Title').fill('Water the garden');
    await page.getByLabel('Notes').fill('Tomatoes first');
    await page.getByRole('form', { name: 'Edit task' }).getByLabel('Priority').selectOption('High');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('listitem', { name: 'Water the garden' })).toContainText('Tomatoes first');
  });

  await test.step('delete', async () => {
    const edited = page.getByRole('listitem', { name: 'Water the garden' });
    await edited.hover();
    await edited.getByRole('button', { name: 'Delete' }).click();
    await expect(edited).toBeHidden();
    await page.reload();
    await expect(page.getByRole('heading', { name: 'A clear desk' })).toBeVisible();
  });

  await test.step('sign out, and the tasks are closed', async () => {
    await signOut(page);
    await expect(page).toHaveURL('/sign-in');
    await page.goto('/tasks');
    await expect(page).toHaveURL(/\/sign-in/);
    await page.goBack();
    await expect(page.getByRole('heading', { name: 'Your tasks' })).toBeHidden();
  });
});

test('a wrong password says so, and the first wrong field gets the focus', async ({
  page,
  createUser,
  allowConsoleError,
}) => {
  allowConsoleError('401');
  const user = await createUser();
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('Enter your email address.')).toBeVisible();
  await expect(page.getByLabel('Email')).toBeFocused();
  await page.getByLabel('Email').fill('not an address');
  await page.getByLabel('Password').fill('x');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('That doesn’t look like an email address.')).toBeVisible();
  await page.getByLabel('Email').fill(user.email);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'don’t match' })).toBeVisible();
  await page.getByLabel('Password').fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/tasks');
});

for (const next of [
  '//evil.example',
  '/\\evil.example',
  'https://evil.example',
  '/\t/evil.example',
  'javascript:alert(1)',
]) {
  test(`next=${next} leads to the own tasks`, async ({ page, createUser }) => {
    const user = await createUser();
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await page.getByLabel('Email').fill(user.email);
    await page.getByLabel('Password').fill(user.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL((url) => url.pathname !== '/sign-in');
    expect(new URL(page.url()).host).toBe(new URL(page.url()).host);
    expect(page.url()).toMatch(/^http:\/\/localhost:\d+\//);
  });
}
