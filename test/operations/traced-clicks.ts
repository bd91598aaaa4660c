/// <reference lib="dom" />
import { randomBytes } from 'node:crypto';
import type { Browser, Page } from '@playwright/test';
import { until } from '../../scripts/processes.ts';
import type { CollectedSpan, Collector } from './collector.ts';

export interface TracedClicks {
  /** Of the click on "Add task": browser, API, SQL. */
  addTask: CollectedSpan[];
  /** Of the click on the link to the tasks: browser, web application, API, SQL. */
  openTasks: CollectedSpan[];
}

const ENOUGH_MS = 30_000;

/** Signs somebody up and clicks as they would, in a real browser. */
export async function traceClicks(browser: Browser, webUrl: string, collector: Collector): Promise<TracedClicks> {
  const context = await browser.newContext({ baseURL: webUrl });
  try {
    const answer = await context.request.post('/api/auth/sign-up/email', {
      data: {
        name: 'Ada',
        email: `ada-${randomBytes(6).toString('hex')}@example.com`,
        password: 'correct horse battery',
      },
      headers: { origin: webUrl },
    });
    if (!answer.ok()) throw new Error(`Sign-up answered ${answer.status()}: ${await answer.text()}`);
    const page = await context.newPage();
    await open(page, '/tasks');
    let earlier = traceIds(collector);
    await page.getByRole('textbox', { name: 'New task' }).fill('Draw the way of a request');
    await page.getByRole('button', { name: 'Add task' }).click();
    await page.getByRole('listitem', { name: 'Draw the way of a request' }).waitFor();
    const addTask = await collected(collector, earlier, '/tasks', 'INSERT task');

    await open(page, '/account');
    earlier = traceIds(collector);
    await page.getByRole('navigation').getByRole('link', { name: 'Tasks' }).click();
    await page.getByRole('listitem', { name: 'Draw the way of a request' }).waitFor();
    return { addTask, openTasks: await collected(collector, earlier, '/account', 'SELECT task') };
  } finally {
    await context.close();
  }
}

/** Opens a page and waits until its requests carry their trace. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.waitForFunction(() => !/native code/.test(fetch.toString()));
}

const traceIds = (collector: Collector): Set<string> => new Set(collector.spans().map(({ traceId }) => traceId));

async function collected(
  collector: Collector,
  earlier: ReadonlySet<string>,
  clickedOn: string,
  statement: string,
): Promise<CollectedSpan[]> {
  let trace: CollectedSpan[] = [];
  const complete = await until(() => {
    const spans = collector.spans().filter(({ traceId }) => !earlier.has(traceId));
    const clicks = spans.filter(({ name }) => name === `click ${clickedOn}`).map(({ traceId }) => traceId);
    const id = spans.find(({ name, traceId }) => name === statement && clicks.includes(traceId))?.traceId;
    trace = spans.filter(({ traceId }) => traceId === id);
    // Three services send when it suits them: the trace is whole when every span's parent has arrived.
    return (
      id !== undefined &&
      trace.every(
        ({ parentSpanId }) => parentSpanId === undefined || trace.some(({ spanId }) => spanId === parentSpanId),
      )
    );
  }, ENOUGH_MS);
  if (!complete)
    throw new Error(
      `No trace leads from a click on ${clickedOn} to ${statement}. Of it there is ` +
        `${trace.map(({ name, spanId, parentSpanId }) => `${name} ${spanId} of ${parentSpanId}`).join(', ')}; of ` +
        `others ${[...new Set(collector.spans().map(({ service, name }) => `${service} ${name}`))].join(', ')}`,
    );
  return trace;
}
