import { NextRequest } from 'next/server';
import { proxy } from './proxy.ts';

const before = { ...process.env };
beforeAll(() => {
  Object.assign(process.env, {
    DATABASE_URL: 'postgres://x@127.0.0.1/x',
    BETTER_AUTH_SECRET: 'Zk3v9QwLr5TnYb8XcHs2JdUe7MfPa4Gi',
    BETTER_AUTH_URL: 'https://app.example.com',
  });
});
afterAll(() => {
  process.env = before;
});

const ask = (path: string, headers: Record<string, string> = {}) =>
  proxy(new NextRequest(`https://app.example.com${path}`, { headers }));
const nonceOf = (policy: string | null): string | undefined => /'nonce-([^']+)'/.exec(policy ?? '')?.[1];

it('draws a nonce of 144 bits for each page, and gives the page the one of its policy', () => {
  const answers = Array.from({ length: 20 }, () => ask('/sign-in'));
  const nonces = answers.map(({ headers }) => nonceOf(headers.get('content-security-policy')));
  expect(new Set(nonces).size).toBe(20);
  for (const [index, { headers }] of answers.entries()) {
    expect(Buffer.from(nonces[index] ?? '', 'base64')).toHaveLength(18);
    expect(headers.get('x-middleware-request-x-nonce')).toBe(nonces[index]);
    expect(nonceOf(headers.get('x-middleware-request-content-security-policy'))).toBe(nonces[index]);
  }
});

it.each(['/tasks', '/tasks?q=1', '/account', '/account/sessions', '/admin'])(
  'sends somebody without a cookie from %s to sign in, and back',
  (path) => {
    const { status, headers } = ask(path);
    expect(status).toBe(307);
    expect(headers.get('location')).toBe(
      `https://app.example.com/sign-in${path === '/tasks' ? '' : `?next=${encodeURIComponent(path)}`}`,
    );
  },
);

it.each(['/', '/sign-in', '/sign-up', '/tasksandmore', '/accountant'])('shows %s to anybody', (path) =>
  expect(ask(path).status).toBe(200),
);

it('lets a cookie through to the page, which looks it up', () => {
  expect(ask('/tasks', { cookie: '__Secure-better-auth.session_token=anything' }).status).toBe(200);
});

it('asks browsers to stay with https', () => {
  expect(ask('/sign-in').headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
});
