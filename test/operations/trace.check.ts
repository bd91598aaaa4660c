import { chromium, type Browser } from '@playwright/test';
import { chromiumLaunchOptions } from '../../e2e/chromium.ts';
import { freePort } from '../../scripts/ports.ts';
import { until } from '../../scripts/processes.ts';
import { ROOT } from '../../scripts/root.ts';
import { TEST_SECRET } from '../better-auth.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { startApi, type ApiProcess } from './api-process.ts';
import { startCollector, type CollectedSpan, type Collector } from './collector.ts';
import { startDaemon, type Daemon } from './programs/daemon.ts';
import { traceClicks, type TracedClicks } from './traced-clicks.ts';

const BROWSER = 'session-guard-browser';
const WEB = 'session-guard-web';
const API = 'session-guard-api';

let database: TestDatabase;
let collector: Collector;
let api: ApiProcess;
let web: Daemon;
let webUrl: string;
let browser: Browser;
let traces: TracedClicks;

beforeAll(async () => {
  [database, collector] = await Promise.all([createTestDatabase('app'), startCollector()]);
  const [webPort, apiPort] = [await freePort(), await freePort()];
  webUrl = `http://127.0.0.1:${webPort}`;
  const shared = {
    BETTER_AUTH_SECRET: TEST_SECRET,
    BETTER_AUTH_URL: webUrl,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  };
  [api, web, browser] = await Promise.all([
    startApi('API', { ...shared, API_PORT: String(apiPort), API_DATABASE_URL: database.apiUrl, METRICS_PORT: 'off' }),
    startDaemon(
      'Web',
      [
        process.execPath,
        'node_modules/next/dist/bin/next',
        'start',
        'frontend',
        '-p',
        String(webPort),
        '-H',
        '127.0.0.1',
      ],
      () => answers(`${webUrl}/api/auth/ok`),
      {
        cwd: ROOT,
        env: {
          PATH: process.env['PATH'],
          NODE_ENV: 'production',
          NEXT_TELEMETRY_DISABLED: '1',
          ...shared,
          DATABASE_URL: database.ownerUrl,
          NEXT_PUBLIC_API_BASE_URL: `http://127.0.0.1:${apiPort}`,
        },
      },
    ),
    chromiumLaunchOptions().then((options) => chromium.launch(options)),
  ]);
  traces = await traceClicks(browser, webUrl, collector);
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([web?.stop(), api?.daemon.stop()]);
  await collector?.stop();
  await database?.drop();
});

it('one click on "Add task" is one trace, from the browser to its SQL', () => {
  expect(lineage(traces.addTask, 'INSERT task')).toEqual([
    `${BROWSER} click /tasks`,
    `${BROWSER} POST /api/tasks`,
    `${API} POST /api/tasks`,
    `${API} INSERT task`,
  ]);
});

it('a click that opens a page goes through the web application and the API to the SQL of each', () => {
  const line = lineage(traces.openTasks, 'SELECT task');
  expect(line[0]).toBe(`${BROWSER} click /account`);
  expect(line.slice(-2)).toEqual([`${API} GET /api/tasks`, `${API} SELECT task`]);
  expect([...new Set(line.map((name) => name.split(' ')[0]))]).toEqual([BROWSER, WEB, API]);
  expect(traces.openTasks.filter(({ service }) => service === WEB).map(({ name }) => name)).toContain(
    'db findOne session',
  );
});

it("a token in an address of Better Auth's is in no trace", async () => {
  const TOKEN = 'x7RkPq2LmN8sTuVwYzAbCdEf';
  const paths = [
    `/reset-password?token=${TOKEN}`,
    `/api/auth/reset-password/${TOKEN}?callbackURL=/x`,
    `/api/auth/verify-email?token=${TOKEN}`,
  ];
  for (const path of paths)
    await fetch(webUrl + path, { redirect: 'manual' }).then((response) => response.arrayBuffer());
  const targets = (): (string | undefined)[] =>
    collector
      .spans()
      .flatMap(({ attributes }) =>
        attributes.filter(({ key }) => key === 'http.target').map(({ value }) => value.stringValue),
      );
  expect(
    await until(
      () =>
        ['/reset-password', '/api/auth/reset-password/:id', '/api/auth/verify-email'].every((path) =>
          targets().includes(path),
        ),
      20_000,
    ),
  ).toBe(true);
  expect(collector.bodies.join('\n')).not.toContain(TOKEN);
});

it('pages of others report nothing, nor is anything but spans taken', async () => {
  const send = async (body: string, headers: Record<string, string>): Promise<number> =>
    (
      await fetch(`${webUrl}/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      })
    ).status;
  const span = { traceId: '0'.repeat(32), spanId: '0'.repeat(16), name: 'click', path: '/tasks', start: 1, end: 2 };
  expect(await send(JSON.stringify([span]), { origin: 'https://evil.example.com' })).toBe(403);
  expect(await send(JSON.stringify([span]), {})).toBe(403);
  expect(await send('[]', { origin: webUrl })).toBe(400);
  expect(await send(JSON.stringify([{ ...span, note: 'x' }]), { origin: webUrl })).toBe(400);
  expect(await send(JSON.stringify([{ ...span, path: 'x'.repeat(20_000) }]), { origin: webUrl })).toBe(413);
  expect(await send(JSON.stringify([span]), { origin: webUrl })).toBe(204);
});

/** `service name` of the span called `name` and of each it came from, the first one first. */
function lineage(trace: readonly CollectedSpan[], name: string): string[] {
  const line: string[] = [];
  let span = trace.find((candidate) => candidate.name === name);
  while (span !== undefined) {
    line.unshift(`${span.service} ${span.name}`);
    const parent: string | undefined = span.parentSpanId;
    span = trace.find(({ spanId }) => spanId === parent);
  }
  return line;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}
