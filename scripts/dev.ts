import { sourceProgram } from './api-program.ts';
import { readSettings } from './env.ts';
import { DEMO_EMAIL, ensureDemoAccount, wantsDemoAccount } from './demo.ts';
import { endWithParent } from './parent.ts';
import type { EmbeddedPostgres } from './postgres/embedded.ts';
import { fail, runAsProgram } from './program.ts';
import { waitUntilReady } from './ready.ts';
import { prepareStack } from './stack.ts';
import { printedSteps } from './steps.ts';
import { Supervisor } from './supervisor.ts';

/**
 * `npm run dev`: both applications, watched. The web application by Next's own dev server; the API from its sources by
 * Node's watch mode, without a type check: editors and `npm run types` do that.
 */
async function main(): Promise<void> {
  const supervisor = new Supervisor();
  const steps = printedSteps();
  let postgres: EmbeddedPostgres | undefined;
  let stopping: Promise<void> | undefined;
  const stopAll = (): Promise<void> =>
    (stopping ??= (async () => {
      await supervisor.stop();
      await postgres?.stop();
    })());
  const onSignal = (): void => void stopAll().then(() => process.exit(0));
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  endWithParent(onSignal);

  try {
    const settings = readSettings(process.env, process.env['INIT_CWD'] ?? process.cwd());
    const { env, ...prepared } = await prepareStack({
      settings,
      env: process.env,
      steps,
      supervisor,
      onPostgres: (server) => (postgres = server),
    });
    postgres = prepared.postgres;
    const development = { NODE_ENV: 'development' } as const;
    const web = supervisor.spawnNode(
      'The web application',
      ['node_modules/next/dist/bin/next', 'dev', 'frontend', '-p', String(settings.webPort), '-H', settings.host],
      { env: { ...env.web, ...development }, onLine: (line) => console.log(`web │ ${line}`) },
    );
    const api = supervisor.spawnNode(
      'The API',
      ['--watch', '--watch-preserve-output', '--enable-source-maps', ...sourceProgram('main')],
      { env: { ...env.api, ...development }, onLine: (line) => console.log(`api │ ${line}`) },
    );
    await Promise.all([
      waitUntilReady(api, `http://127.0.0.1:${settings.apiPort}/api/health/ready`),
      waitUntilReady(web, `http://127.0.0.1:${settings.webPort}/api/auth/ok`),
    ]);
    const password = wantsDemoAccount(settings.databaseUrl, process.env)
      ? await ensureDemoAccount(settings)
      : undefined;
    const demo = password === undefined ? '' : `, ${DEMO_EMAIL} with password ${password}`;
    console.log(`\n  Web ${settings.webUrl}, API ${settings.apiUrl}/api/docs${demo}\n`);
    await web.ended;
    await stopAll();
  } catch (error) {
    if (stopping === undefined) fail(error);
    await stopAll();
    process.exit();
  }
}

runAsProgram(import.meta.url, main);
