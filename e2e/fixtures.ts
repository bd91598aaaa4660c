import { randomBytes, randomInt } from 'node:crypto';
import { expect, test as base, type BrowserContext, type BrowserContextOptions } from '@playwright/test';
import { emulateNetwork } from './network.ts';

/** Somebody with an account. */
export interface TestUser {
  name: string;
  email: string;
  password: string;
  /** Session token, for requests with Bearer. */
  token: string;
}

export interface Fixtures {
  webUrl: string;
  apiUrl: string;
  /** This test's own client address, as a trusted proxy would report it. */
  clientAddress: string;
  /** Another browser, of another client: a context with an address of its own. Closed with the test. */
  newContext: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  /** Says that a console error is expected, by a part of its text. All others fail the test. */
  allowConsoleError: (text: string | RegExp) => void;
  /** Makes an account through Better Auth's own endpoint, waiting when it asks to. */
  createUser: (name?: string) => Promise<TestUser>;
  /** Makes an account and signs this test's browser in. */
  signIn: (user?: TestUser) => Promise<TestUser>;
  /** Fails the test on any unexpected error of the page's. Always on. */
  consoleIsClean: void;
}

/** Playwright's `test` with what every browser test here needs. */
export const test = base.extend<Fixtures & { allowed: (string | RegExp)[] }>({
  webUrl: [required('E2E_WEB_URL'), { option: true }],
  apiUrl: [required('E2E_API_URL'), { option: true }],
  baseURL: ({ webUrl }, use) => use(webUrl),
  clientAddress: ({}, use) => use(anyAddress()),
  allowed: ({}, use) => use([]),
  allowConsoleError: ({ allowed }, use) => use((text) => void allowed.push(text)),

  context: async ({ context, webUrl, clientAddress }, use) => {
    await comesFrom(context, webUrl, clientAddress);
    emulateNetwork(context);
    await use(context);
  },
  newContext: async ({ browser, webUrl }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (options) => {
      const context = await browser.newContext({ baseURL: webUrl, ...options });
      opened.push(context);
      await comesFrom(context, webUrl, anyAddress());
      emulateNetwork(context);
      return context;
    });
    for (const context of opened) await context.close();
  },

  consoleIsClean: [
    async ({ context, allowed }, use) => {
      const errors = collectErrors(context);
      await use();
      const unexpected = errors.filter(
        (error) => !allowed.some((text) => (typeof text === 'string' ? error.includes(text) : text.test(error))),
      );
      expect(unexpected, 'errors in the browser’s console').toEqual([]);
    },
    { auto: true },
  ],

  createUser: ({ webUrl, clientAddress }, use) =>
    use(async (name = 'Ada Lovelace') => {
      const words = name.toLowerCase().match(/[a-z]+/g) ?? [];
      const email = `${[...words, randomBytes(5).toString('hex')].join('.')}@example.com`;
      const password = randomBytes(12).toString('base64url');
      const { token } = await post<{ token: string }>(
        `${webUrl}/api/auth/sign-up/email`,
        { name, email, password },
        clientAddress,
      );
      return { name, email, password, token };
    }),

  signIn: ({ webUrl, context, createUser, clientAddress }, use) =>
    use(async (given) => {
      const user = given ?? (await createUser());
      const response = await context.request.post(`${webUrl}/api/auth/sign-in/email`, {
        data: { email: user.email, password: user.password },
        headers: { origin: webUrl, 'x-forwarded-for': clientAddress },
      });
      expect(response.status(), 'sign-in').toBe(200);
      return user;
    }),
});

export { expect };

function anyAddress(): string {
  return `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;
}

/**
 * Only Better Auth's own routes: it alone asks who is calling, and elsewhere an extra header would cost a preflight.
 */
async function comesFrom(context: BrowserContext, webUrl: string, address: string): Promise<void> {
  await context.route(`${webUrl}/api/auth/**`, (route) =>
    route.continue({ headers: { ...route.request().headers(), 'x-forwarded-for': address } }),
  );
}

function required(name: string): string {
  const value = process.env[name];
  // Listing tests needs no stack; running them has one by then.
  return value ?? 'http://localhost:0';
}

function collectErrors(context: BrowserContext): string[] {
  const errors: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => errors.push(`uncaught: ${error.error().message}`));
  return errors;
}

/** POST as a client would: a 429 is waited out for as long as it says. */
async function post<T>(url: string, body: object, clientAddress: string): Promise<T> {
  for (;;) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: new URL(url).origin, 'x-forwarded-for': clientAddress },
      body: JSON.stringify(body),
    });
    if (response.ok) return (await response.json()) as T;
    const wait = Number(response.headers.get('x-retry-after') ?? response.headers.get('retry-after'));
    if (response.status !== 429 || !(wait > 0))
      throw new Error(`${new URL(url).pathname} answered ${response.status}: ${await response.text()}`);
    await new Promise((done) => setTimeout(done, wait * 1000));
  }
}
