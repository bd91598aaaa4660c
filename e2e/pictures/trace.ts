import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { chromiumLaunchOptions } from '../chromium.ts';
import { startCollector } from '../../test/operations/collector.ts';
import { traceClicks } from '../../test/operations/traced-clicks.ts';
import { withDemoStack } from '../support/demo-stack.ts';
import { runAsProgram } from '../../scripts/program.ts';
import { ROOT } from '../../scripts/root.ts';
import { waterfall } from './waterfall.ts';

/**
 * `npm run trace-picture`: clicks in a real browser on a stack of its own and draws what the collector was sent into
 * docs/images.
 */
async function main(): Promise<void> {
  const collector = await startCollector();
  try {
    await withDemoStack(
      async ({ webUrl }) => {
        const browser = await chromium.launch(await chromiumLaunchOptions());
        try {
          // The first round warms caches and connections up, as a page that has been open for a while has them.
          await traceClicks(browser, webUrl, collector);
          const { addTask, openTasks } = await traceClicks(browser, webUrl, collector);
          draw('trace', 'A click on "Add task", from the browser to its SQL', addTask);
          draw('trace-page', 'A click on the link to the tasks: browser, web application, API, SQL', openTasks);
        } finally {
          await browser.close();
        }
      },
      { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
    );
  } finally {
    await collector.stop();
  }
  console.log('\n  docs/images/trace.svg and docs/images/trace-page.svg are drawn anew.\n');
}

function draw(name: string, title: string, spans: Parameters<typeof waterfall>[1]): void {
  mkdirSync(join(ROOT, 'docs/images'), { recursive: true });
  writeFileSync(join(ROOT, 'docs/images', `${name}.svg`), waterfall(title, spans));
}

runAsProgram(import.meta.url, main);
