import { readSettings } from './env.ts';
import { DEMO_EMAIL, ensureDemoAccount, wantsDemoAccount } from './demo.ts';
import { transpile, watchSources } from './dev-build.ts';
import { endWithParent } from './parent.ts';
import type { EmbeddedPostgres } from './postgres/embedded.ts';
import { fail, runAsProgram } from './program.ts';
import { waitUntilReady } from './ready.ts';
import { prepareStack } from './stack.ts';
import { printedSteps } from './steps.ts';
import { Supervisor, type Supervised } from './supervisor.ts';

/**
 * `npm run dev`: both applications, watched. The web application by Next's own dev server; the API is compiled file by
 * file without a type check (editors and `npm run types` do that) and started again after each change.
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
    await steps.run('Compile the API and the libraries', () => transpile());
    const { env, ...prepared } = await prepareStack({
      settings,
      env: process.env,
      steps,
      supervisor,
      onPostgres: (server) => (postgres = server),
    });
    postgres = prepared.postgres;
    const development = (variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
      ...variables,
      NODE_ENV: 'development',
    });

    const web = supervisor.spawnNode(
      'The web application',
      ['node_modules/next/dist/bin/next', 'dev', 'frontend', '-p', String(settings.webPort), '-H', settings.host],
      { env: development(env.web), onLine: (line) => console.log(`web │ ${line}`) },
    );
    const startApi = (): Supervised =>
      supervisor.spawnNode('The API', ['--enable-source-maps', 'backend/dist/main.js'], {
        env: development(env.api),
        onLine: (line) => console.log(`api │ ${line}`),
      });
    let api = startApi();
    watchSources((file) => {
      console.log(`    ${file} changed: the API starts again`);
      void supervisor.end(api).then(() => (api = startApi()));
    });
    await Promise.all([
      waitUntilReady(api, `http://127.0.0.1:${settings.apiPort}/api/health/ready`),
      waitUntilReady(web, `http://127.0.0.1:${settings.webPort}/api/auth/ok`),
    ]);
    const password = wantsDemoAccount(settings.databaseUrl, process.env)
      ? await ensureDemoAccount(settings)
      : undefined;
    console.log(
      `\n  Web ${settings.webUrl}, API ${settings.apiUrl}/api/docs${password === undefined ? '' : `, ${DEMO_EMAIL} with password ${password}`}\n`,
    );
    await web.ended;
    await stopAll();
  } catch (error) {
    if (stopping === undefined) fail(error);
    await stopAll();
    process.exit();
  }
}

runAsProgram(import.meta.url, main);
