import type { BrowserSpan } from './browser-span.ts';
import { traceRequests } from './trace.ts';

const RENDERED = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/;

/** As much of a window as is traced, with a clock and timers of its own. */
function openPage() {
  const sent: string[] = [];
  const beacons: Blob[] = [];
  const timers: (() => void)[] = [];
  const heard: Record<string, (event: object) => void> = {};
  let time = 0;
  const page = {
    fetch: async (input: Parameters<typeof fetch>[0]) => {
      sent.push((input as Request).headers.get('traceparent') ?? '');
      time += 5;
      return new Response('', { status: 201 });
    },
    addEventListener: (name: string, listener: (event: object) => void) => (heard[name] = listener),
    setTimeout: (work: () => void) => timers.push(work),
    performance: { timeOrigin: 1_000, now: () => time },
    location: { href: 'https://app.example.com/tasks?q=milk', pathname: '/tasks' },
    navigator: { sendBeacon: (_url: string, body: Blob) => beacons.push(body) > 0 },
  };
  traceRequests(RENDERED, page as unknown as Parameters<typeof traceRequests>[1]);
  return {
    send: async (url: string, init?: RequestInit) => {
      await page.fetch(new Request(url, init));
      const [, traceId = '', spanId = ''] = TRACEPARENT.exec(sent.at(-1) ?? '') ?? [];
      return { traceId, spanId };
    },
    fire: (name: string, event: object = {}) => heard[name]?.(event),
    reports: async (): Promise<BrowserSpan[][]> => {
      for (const work of timers.splice(0)) work();
      return Promise.all(beacons.map(async (blob) => JSON.parse(await blob.text()) as BrowserSpan[]));
    },
  };
}

it('what a page asks for by itself belongs to the trace it was rendered in', async () => {
  const page = openPage();
  const { traceId, spanId } = await page.send('https://api.example.com/api/tasks?sort=title');
  expect(traceId).toBe(RENDERED.traceId);
  expect(await page.reports()).toEqual([
    [
      {
        traceId,
        spanId,
        parentSpanId: RENDERED.spanId,
        name: 'GET',
        path: '/api/tasks',
        start: 1_000,
        end: 1_005,
        status: 201,
      },
    ],
  ]);
});

it('a click begins a trace; its requests are reported with it, once and together', async () => {
  const page = openPage();
  page.fire('click');
  page.fire('submit', { submitter: {} });
  const first = await page.send('https://api.example.com/api/tasks', { method: 'POST', body: '{}' });
  const second = await page.send('https://api.example.com/api/tasks/0198f00d');
  expect(first.traceId).not.toBe(RENDERED.traceId);
  expect(second.traceId).toBe(first.traceId);
  const [report, ...more] = await page.reports();
  expect(more).toEqual([]);
  expect(report?.map(({ name, path, start, end }) => [name, path, start, end])).toEqual([
    ['click', '/tasks', 1_000, 1_010],
    ['POST', '/api/tasks', 1_000, 1_005],
    ['GET', '/api/tasks/:id', 1_005, 1_010],
  ]);
  expect(report?.slice(1).map(({ parentSpanId }) => parentSpanId)).toEqual([report?.[0]?.spanId, report?.[0]?.spanId]);
});

it('a page that is left reports what it has', async () => {
  const page = openPage();
  page.fire('submit', { submitter: null });
  await page.send('https://api.example.com/api/me');
  page.fire('pagehide');
  expect((await page.reports()).map((report) => report.map(({ name }) => name))).toEqual([['click', 'GET']]);
});
