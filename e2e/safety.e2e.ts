/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { connect } from 'node:net';
import { expect, test } from './fixtures.ts';
import { createTask } from './support/api.ts';

const PRIVATE = ['/tasks', '/account', '/account/sessions', '/admin'];

test('no script finds a session token: not in a storage, the DOM, the payload, nor by asking', async ({
  page,
  context,
  signIn,
  webUrl,
  request,
  apiUrl,
}) => {
  const user = await signIn();
  await createTask(request, apiUrl, user.token, { title: 'Something to render' });
  const cookies = await context.cookies();
  const session = cookies.find(({ name }) => name.endsWith('session_token'));
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  const token = decodeURIComponent(session?.value ?? '').split('.')[0] ?? '';
  expect(token.length).toBeGreaterThan(20);

  const urls: string[] = [];
  page.on('request', (sent) => urls.push(sent.url()));
  for (const path of ['/tasks', '/account', '/account/sessions']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const found = await page.evaluate(async () => {
      const databases = await indexedDB.databases();
      const keys = await caches.keys();
      const answers = await Promise.all(
        ['/api/auth/get-session', '/api/auth/list-sessions'].map(async (url) => (await fetch(url)).text()),
      );
      const documents = await Promise.all(
        [location.href]
          .flatMap((url) => [fetch(url), fetch(url, { headers: { rsc: '1' } })])
          .map(async (answer) => (await answer).text()),
      );
      return [
        JSON.stringify(Object.entries(localStorage)),
        JSON.stringify(Object.entries(sessionStorage)),
        JSON.stringify(databases),
        JSON.stringify(keys),
        document.cookie,
        document.documentElement.outerHTML,
        location.href,
        JSON.stringify(history.state),
        window.name,
        ...answers,
        ...documents,
      ].join('\n');
    });
    expect(found).not.toContain(token);
    expect(found, 'any JWT').not.toMatch(/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/);
    expect(found).toContain(user.email);
  }
  expect(urls.filter((url) => url.includes(token) || url.includes('eyJ'))).toEqual([]);
  expect(new Set(urls.map((url) => new URL(url).origin))).toEqual(new Set([webUrl, apiUrl]));
});

test('pages check the session themselves: a cookie that proves nothing shows nothing', async ({
  request,
  webUrl,
  signIn,
  page,
}) => {
  const user = await signIn();
  await page.goto('/account');
  for (const path of PRIVATE) {
    for (const headers of [
      {},
      { cookie: 'better-auth.session_token=abc.def' },
      { cookie: 'better-auth.session_token=abc.def', 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' },
      {
        cookie: 'better-auth.session_token=abc.def',
        'x-middleware-subrequest': 'src/proxy:src/proxy:src/proxy:src/proxy:src/proxy',
      },
      { cookie: 'better-auth.session_token=abc.def', rsc: '1' },
      { cookie: 'better-auth.session_token=abc.def', 'next-action': 'abc' },
    ]) {
      let response = await fetch(`${webUrl}${path}`, { headers, redirect: 'manual' });
      // Next first wants such a request under its own address.
      if (response.headers.get('location')?.includes('_rsc'))
        response = await fetch(new URL(response.headers.get('location') ?? '', webUrl), {
          headers,
          redirect: 'manual',
        });
      const body = await response.text();
      expect(body, `${path} ${JSON.stringify(headers)}`).not.toContain(user.email);
      const target = response.headers.get('location') ?? body;
      expect(target).toContain('/sign-in');
    }
    const rsc = await request.get(`${webUrl}${path}.rsc`, { maxRedirects: 0 });
    expect(await rsc.text()).not.toContain(user.email);
  }
});

test('the policy: nonces anew each time, no script without, no frame, data only from here and the API', async ({
  page,
  webUrl,
  apiUrl,
  allowConsoleError,
}) => {
  allowConsoleError(/Content Security Policy|Minified React error #418/);
  const policies = [];
  for (const path of ['/sign-in', '/sign-up', '/nothing-here']) {
    const response = await fetch(`${webUrl}${path}`);
    const policy = response.headers.get('content-security-policy') ?? '';
    policies.push(policy);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`connect-src 'self' ${apiUrl}`);
    expect(policy).toContain("frame-ancestors 'none'");
    const [, nonce = ''] = /script-src[^;]*'nonce-([^']+)'/.exec(policy) ?? [];
    expect(nonce.length).toBeGreaterThan(20);
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    const html = await response.text();
    for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) expect(tag).toContain(`nonce="${nonce}"`);
    expect(html).not.toMatch(/\son\w+="/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('same-origin');
  }
  expect(new Set(policies).size).toBe(policies.length);

  // What an injection would get into the page: a script of its own, and a handler in an attribute.
  await page.addInitScript(() => {
    const record = ((window as { __blocked?: string[] }).__blocked = [] as string[]);
    document.addEventListener(
      'securitypolicyviolation',
      ({ effectiveDirective }) => void record.push(effectiveDirective),
    );
  });
  await page.route('**/sign-in', async (route) => {
    const response = await route.fetch();
    const injected = '<script>window.__ran = true</script><img src="data:," alt="" onerror="window.__ran = true">';
    await route.fulfill({ response, body: (await response.text()).replace('</body>', `${injected}</body>`) });
  });
  await page.goto('/sign-in');
  const seen = () => page.evaluate(() => (window as { __blocked?: string[] }).__blocked ?? []);
  await expect.poll(seen).toEqual(expect.arrayContaining(['script-src-elem', 'script-src-attr']));
  expect(await page.evaluate(() => '__ran' in window)).toBe(false);
});

test('a form that is sent before its script has come sends nothing, least of all a password in the address', async ({
  newContext,
  webUrl,
}) => {
  const context = await newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.method()} ${request.url()}`));
  for (const path of ['/sign-in', '/sign-up', '/reset-password?token=x']) {
    await page.goto(path);
    const before = sent.length;
    await page.locator('input[type=password]').fill('typed too early');
    await page.locator('input[type=password]').press('Enter');
    await expect(page.locator('button[type=submit]')).toBeDisabled();
    expect(await (await fetch(`${webUrl}${path}`)).text()).toMatch(/<noscript>.*This page needs JavaScript/);
    expect(sent.slice(before)).toEqual([]);
    expect(page.url()).toBe(`${webUrl}${path}`);
  }
});

test('the limit on sign-ins holds, whatever address a client claims', async ({ webUrl }) => {
  // From a proxy that is trusted, the last address that isn't one counts: what a client put before it does not.
  const address = `172.31.${Math.floor(Math.random() * 256)}.${Math.floor(Math.random() * 254) + 1}`;
  const statuses = [];
  for (let i = 0; i < 6; i++) {
    const response = await fetch(`${webUrl}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: webUrl,
        'x-forwarded-for': `9.9.9.${i}, ${address}`,
        'x-real-ip': `8.8.8.${i}`,
        'cf-connecting-ip': `7.7.7.${i}`,
      },
      body: JSON.stringify({ email: 'nobody@example.com', password: 'wrong password' }),
    });
    statuses.push(response.status);
    if (response.status === 429) expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);
});

test('a page that does not exist has a page of its own', async ({ page, allowConsoleError }) => {
  allowConsoleError('404');
  const response = await page.goto('/nothing/here');
  expect(response?.status()).toBe(404);
  await expect(page.getByRole('heading', { name: 'There’s nothing here' })).toBeVisible();
});

/** Writes to the web application's port by hand, and says what came back, when it was over, and what could be sent. */
function byHand(
  webUrl: string,
  head: string,
  body?: { chunked: boolean },
): Promise<{ answer: string; ms: number; sent: number }> {
  const { hostname, port, origin } = new URL(webUrl);
  const started = Date.now();
  return new Promise((resolve) => {
    let answer = '';
    let sent = 0;
    const socket = connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname, () => {
      socket.write(head.replace('$', `Host: localhost\r\nOrigin: ${origin}\r\nContent-Type: application/json\r\n`));
      if (body) pump();
    });
    const chunk = Buffer.alloc(65_536, 'a');
    function pump(): void {
      while (!socket.destroyed && sent < 250_000_000) {
        sent += chunk.length;
        if (body?.chunked) socket.write('10000\r\n');
        if (!socket.write(body?.chunked ? Buffer.concat([chunk, Buffer.from('\r\n')]) : chunk)) {
          socket.once('drain', pump);
          return;
        }
      }
    }
    socket.on('data', (data: Buffer) => (answer += data.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ answer, ms: Date.now() - started, sent }));
  });
}

test('250 MB for any route of the web application are refused after a few, and said to be too many', async ({
  webUrl,
}) => {
  for (const path of ['/api/auth/sign-in/email', '/api/auth/nothing', '/account/sessions', '/traces']) {
    for (const body of [{ chunked: false }, { chunked: true }]) {
      const length = body.chunked ? 'Transfer-Encoding: chunked' : 'Content-Length: 250000000';
      const { answer, sent } = await byHand(webUrl, `POST ${path} HTTP/1.1\r\n$${length}\r\n\r\n`, body);
      // What was sent beyond what was read waits in the sockets' own memory.
      expect(sent, `${path}, ${length}`).toBeLessThan(20_000_000);
      if (!body.chunked || path.endsWith('email')) expect(answer, `${path}, ${length}`).toContain('413');
    }
  }
});

test('a client that sends slowly is ended by the web application after fifteen seconds', async ({ webUrl }) => {
  test.slow();
  const ended = await Promise.all(
    [
      '',
      'GET / HTTP/1.1\r\nHost: x\r\n',
      'POST /api/auth/sign-in/email HTTP/1.1\r\n$Content-Length: 100\r\n\r\n{"email":',
    ].map((head) => byHand(webUrl, head)),
  );
  for (const { ms, answer } of ended) {
    expect(ms).toBeGreaterThan(14_000);
    expect(ms).toBeLessThan(25_000);
    expect(answer).toContain('408');
  }
});
