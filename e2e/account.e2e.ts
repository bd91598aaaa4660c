import { expect, test } from './fixtures.ts';
import { TIMEOUT_FACTOR } from './network.ts';
import { streaming } from './support/streaming.ts';
import { createTask } from './support/api.ts';
import { mailLink } from './support/mail.ts';

test('confirm an email address', async ({ page, signIn }) => {
  const user = await signIn();
  await page.goto('/account');
  await expect(page.getByText('Not confirmed yet')).toBeVisible();
  await page.goto(await mailLink(user.email, 'Confirm your email address'));
  await page.goto('/account');
  await expect(page.getByText('Confirmed', { exact: true })).toBeVisible();
});

test('ask for the confirmation again; a spoilt link says so', async ({ page, signIn }) => {
  const user = await signIn();
  await page.goto('/account');
  await page.getByRole('button', { name: 'Send the link again' }).click();
  await expect(page.getByText(`A link is on its way to ${user.email}.`)).toBeVisible();
  const link = new URL(await mailLink(user.email, 'Confirm your email address'));
  expect(link.searchParams.get('callbackURL')).toBe('/email-verified');
  link.searchParams.set('token', `${link.searchParams.get('token') ?? ''}x`);
  await page.goto(link.href);
  await expect(page.getByRole('heading', { name: 'That link didn’t work' })).toBeVisible();
});

test('forget a password, choose a new one, and every session is over', async ({
  page,
  newContext,
  createUser,
  signIn,
  apiUrl,
  request,
  allowConsoleError,
}) => {
  allowConsoleError('401');
  const user = await signIn(await createUser());
  const other = await newContext();
  const stranger = await other.newPage();
  await stranger.goto('/sign-in');
  await stranger.getByRole('link', { name: 'Forgot password?' }).click();
  await stranger.getByLabel('Email').fill(user.email);
  await stranger.getByRole('button', { name: 'Send the link' }).click();
  await expect(stranger.getByText('If there is an account with that address')).toBeVisible();

  await page.goto('/tasks');
  await expect(page.getByRole('heading', { name: 'Your tasks' })).toBeVisible();
  await stranger.goto(await mailLink(user.email, 'Reset your password'));
  await expect(stranger).toHaveURL('/reset-password');
  await stranger.getByLabel('New password').fill('a new and better password');
  await stranger.getByRole('button', { name: 'Change password' }).click();
  await expect(stranger).toHaveURL(/\/sign-in\?reason=reset/);

  await expect(page, 'the browser that was signed in').toHaveURL(/\/sign-in/);
  expect((await request.get(`${apiUrl}/api/me`, { headers: { authorization: `Bearer ${user.token}` } })).status()).toBe(
    401,
  );
  await stranger.getByLabel('Email').fill(user.email);
  await stranger.getByLabel('Password').fill('a new and better password');
  await stranger.getByRole('button', { name: 'Sign in' }).click();
  await expect(stranger).toHaveURL('/tasks');
});

test('a reset for an unknown address looks the same; a used link says so', async ({ page }) => {
  await page.goto('/forgot-password');
  await page.getByLabel('Email').fill('nobody.at.all@example.com');
  await page.getByRole('button', { name: 'Send the link' }).click();
  await expect(page.getByText('If there is an account with that address')).toBeVisible();
  await page.goto('/reset-password?error=INVALID_TOKEN');
  await expect(page.getByText('This link has been used or is too old.')).toBeVisible();
});

test('change the password: this browser stays, the others go', async ({
  page,
  signIn,
  request,
  apiUrl,
  allowConsoleError,
}) => {
  allowConsoleError(/40[01]/);
  const user = await signIn();
  await page.goto('/account');
  await page.getByLabel('Current password').fill('wrong');
  await page.getByLabel('New password').fill('another good password');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('That password isn’t right.')).toBeVisible();
  await page.getByLabel('Current password').fill(user.password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('Your password is changed')).toBeVisible();
  expect((await request.get(`${apiUrl}/api/me`, { headers: { authorization: `Bearer ${user.token}` } })).status()).toBe(
    401,
  );
  await page.goto('/tasks');
  await page.getByRole('textbox', { name: 'New task' }).fill('Still here');
  await page.getByRole('button', { name: 'Add task' }).click();
  await expect(page.getByRole('listitem', { name: 'Still here' })).not.toHaveAttribute('aria-busy', 'true');
});

test('a password that is changed on a slow network signs this browser out in no tab', async ({
  page,
  context,
  signIn,
  allowConsoleError,
}) => {
  // How the tabs find out that the old session is over.
  allowConsoleError('401');
  const user = await signIn();
  await page.goto('/account');
  const second = await context.newPage();
  const live = streaming(second);
  await second.goto('/tasks');
  await live;
  await page.getByLabel('Current password').fill(user.password);
  await page.getByLabel('New password').fill('another good password');
  const network = await context.newCDPSession(page);
  // So late that the other tab has asked meanwhile.
  const slow = { offline: false, latency: 3_000 * TIMEOUT_FACTOR, downloadThroughput: -1, uploadThroughput: -1 };
  await network.send('Network.emulateNetworkConditions', slow);
  // The news that the session ended comes before the answer with the cookie of the next one.
  const told = second.waitForResponse((answer) => answer.url().endsWith('/api/auth/token') && answer.status() === 401);
  await page.getByRole('button', { name: 'Change password' }).click();
  await told;
  await expect(page.getByText('Your password is changed')).toBeVisible();
  await expect(page).toHaveURL('/account');
  await second.getByRole('textbox', { name: 'New task' }).fill('Still here');
  await second.getByRole('button', { name: 'Add task' }).click();
  await expect(second.getByRole('listitem', { name: 'Still here' })).not.toHaveAttribute('aria-busy', 'true');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Account', exact: true })).toBeVisible();
});

test('change the name and the email address', async ({ page, signIn, allowConsoleError }) => {
  allowConsoleError('400');
  const user = await signIn();
  const email = page.getByRole('region', { name: 'Email address' });
  await page.goto('/account');
  await page.getByLabel('Name').fill('Countess of Lovelace');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved')).toBeVisible();

  await test.step('an unconfirmed address is replaced at once', async () => {
    await page.getByLabel('New email').fill(`first.${user.email}`);
    await email.getByLabel('Your password').fill('wrong');
    await page.getByRole('button', { name: 'Change email' }).click();
    await expect(page.getByText('That password isn’t right.')).toBeVisible();
    await email.getByLabel('Your password').fill(user.password);
    await page.getByRole('button', { name: 'Change email' }).click();
    await expect(page.getByText(`first.${user.email}`)).toBeVisible();
    await page.goto(await mailLink(`first.${user.email}`, 'Confirm your email address'));
  });

  await test.step('a confirmed one has to agree, then the new one', async () => {
    await page.goto('/account');
    await expect(page.getByText('Confirmed', { exact: true })).toBeVisible();
    await page.getByLabel('New email').fill(`second.${user.email}`);
    await email.getByLabel('Your password').fill(user.password);
    await page.getByRole('button', { name: 'Change email' }).click();
    await expect(page.getByText('The change happens after you approve it there.')).toBeVisible();
    await page.goto(await mailLink(`first.${user.email}`, 'Approve your new email address'));
    await page.goto(await mailLink(`second.${user.email}`, 'Confirm your email address'));
    await page.goto('/account');
    await expect(page.getByText(`second.${user.email}`)).toBeVisible();
    await expect(page.getByLabel('Name')).toHaveValue('Countess of Lovelace');
  });
});

test('delete the account: its tasks and sessions are gone', async ({
  page,
  signIn,
  request,
  apiUrl,
  allowConsoleError,
}) => {
  allowConsoleError(/40[01]/);
  const user = await signIn();
  await createTask(request, apiUrl, user.token, { title: 'Leave no trace' });
  await page.goto('/account');
  await page.getByRole('button', { name: 'Delete account' }).click();
  const question = page.getByRole('alertdialog', { name: 'Delete your account?' });
  await question.getByLabel('Your password').fill('wrong');
  await question.getByRole('button', { name: 'Delete for good' }).click();
  await expect(question.getByText('That password isn’t right.')).toBeVisible();
  await question.getByLabel('Your password').fill(user.password);
  await question.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  expect(
    (await request.get(`${apiUrl}/api/tasks`, { headers: { authorization: `Bearer ${user.token}` } })).status(),
  ).toBe(401);
  await page.goto('/tasks');
  await expect(page).toHaveURL(/\/sign-in/);
});
