import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDemoAccount } from '../../scripts/demo.ts';
import { readSettings } from '../../scripts/env.ts';
import { freePort } from '../../scripts/ports.ts';
import { fail } from '../../scripts/program.ts';
import { removeAfterUs } from '../../scripts/reaper.ts';
import { startStack, type Stack } from '../../scripts/stack.ts';
import { printedSteps } from '../../scripts/steps.ts';
import { Supervisor } from '../../scripts/supervisor.ts';

/**
 * Runs `use` beside a stack of its own, as `npm start` would start it, with the demo account and its tasks; nothing of
 * it is kept. Used by what looks at the pages from outside: pictures and measurements.
 *
 * @param variables over its own
 */
export async function withDemoStack(
  use: (stack: Stack, password: string) => Promise<void>,
  variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  const supervisor = new Supervisor();
  const dataDir = mkdtempSync(join(tmpdir(), 'session-guard-demo-'));
  removeAfterUs(dataDir);
  let stack: Stack | undefined;
  let stopping = false;
  try {
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      WEB_PORT: String(await freePort()),
      API_PORT: String(await freePort()),
      METRICS_PORT: 'off',
      RATE_LIMIT: 'off',
      DATA_DIR: dataDir,
      LOG_LEVEL: 'warn',
      ...variables,
    } as NodeJS.ProcessEnv;
    stack = await startStack({ settings: readSettings(env), env, steps: printedSteps(), supervisor, durable: false });
    stack.failed.catch((error: unknown) => stopping || fail(error));
    await use(stack, await ensureDemoAccount({ webUrl: stack.webUrl, apiUrl: stack.apiUrl, dataDir }));
  } finally {
    stopping = true;
    await stack?.stop();
    await supervisor.stop();
  }
}
