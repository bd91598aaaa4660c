import { createRequire } from 'node:module';
import { readSettings, type Settings } from './env.ts';
import { DEMO_EMAIL, ensureDemoAccount, wantsDemoAccount } from './demo.ts';
import { endWithParent } from './parent.ts';
import type { EmbeddedPostgres } from './postgres/embedded.ts';
import { fail, runAsProgram } from './program.ts';
import { startStack, type Stack } from './stack.ts';
import { printedSteps, seconds, type Steps } from './steps.ts';
import { Supervisor } from './supervisor.ts';

/** `npm start`: everything, on a machine with only Node. */
async function main(): Promise<void> {
  const start = performance.now();
  const supervisor = new Supervisor();
  const steps = printedSteps();
  let postgres: EmbeddedPostgres | undefined;
  let stopping: Promise<void> | undefined;

  const stopAll = (): Promise<void> =>
    (stopping ??= (async () => {
      await supervisor.stop();
      await postgres?.stop();
    })());
  const onSignal = (reason: string): void => {
    if (stopping !== undefined) {
      // Asked a second time: don't wait for anybody. PostgreSQL still gets its fast, clean end.
      supervisor.kill();
      return;
    }
    console.log(`\n  ${reason}: stopping the web application, the API and PostgreSQL …`);
    void stopAll().then(() => {
      console.log('  Stopped. The data is kept; npm start continues with it.');
      process.exit(0);
    });
  };
  process.on('SIGINT', () => onSignal('Ctrl-C'));
  process.on('SIGTERM', () => onSignal('SIGTERM'));
  endWithParent(() => onSignal('npm has ended'));

  console.log('\n  Session Guard\n');
  const readable = process.stdout.isTTY ? prettifier() : (line: string) => line;
  let isReady = false;
  try {
    const settings = readSettings(process.env, process.env['INIT_CWD'] ?? process.cwd());
    const stack = await startStack({
      settings,
      env: process.env,
      steps,
      supervisor,
      // What it says before is only about starting.
      onLine: (line) => void (isReady && console.log(readable(line))),
      onPostgres: (server) => (postgres = server),
    });
    const password = await demoAccount(settings, stack, steps);
    console.log(
      `\n  Ready in ${seconds(performance.now() - start)}\n\n` +
        `${table(rows(settings, stack, password))}\n\n  Ctrl-C stops everything.\n`,
    );
    isReady = true;
    await stack.failed;
  } catch (error) {
    if (stopping === undefined) {
      fail(error);
      await stopAll();
      process.exit(1);
    }
    await stopping;
  }
}

function demoAccount(settings: Settings, stack: Stack, steps: Steps): Promise<string | undefined> {
  if (!wantsDemoAccount(settings.databaseUrl, process.env)) return Promise.resolve(undefined);
  return steps.run('Prepare the demo account', () =>
    ensureDemoAccount({ webUrl: stack.webUrl, apiUrl: stack.apiUrl, dataDir: settings.dataDir }),
  );
}

function rows(settings: Settings, stack: Stack, password: string | undefined): [string, string][] {
  const { port } = new URL(stack.databaseUrl);
  return [
    ['Web', stack.webUrl],
    ['API', `${stack.apiUrl}/api`],
    ['API reference', `${stack.apiUrl}/api/docs`],
    ['OpenAPI', `${stack.apiUrl}/api/openapi.json`],
    ...(stack.metricsUrl === undefined ? [] : ([['Metrics', stack.metricsUrl]] as [string, string][])),
    stack.postgres === undefined
      ? ['PostgreSQL', `${new URL(stack.databaseUrl).hostname}:${port || '5432'} (DATABASE_URL)`]
      : ['PostgreSQL', `127.0.0.1:${port}, data in ${settings.dataDir}`],
    ...(password === undefined
      ? []
      : ([['Demo account', `${DEMO_EMAIL}   password: ${password}`]] as [string, string][])),
  ];
}

/** Makes the API's JSON lines readable in a terminal. */
function prettifier(): (line: string) => string {
  // Of the API's own dependencies; CommonJS.
  const require = createRequire(new URL('../backend/package.json', import.meta.url));
  const { prettyFactory } = require('pino-pretty') as { prettyFactory: (options: object) => (line: string) => string };
  const pretty = prettyFactory({ colorize: true, translateTime: 'SYS:HH:MM:ss.l', singleLine: true });
  return (line) => (line.startsWith('{') ? pretty(line).trimEnd() : line);
}

function table(lines: [string, string][]): string {
  const left = Math.max(...lines.map(([name]) => name.length));
  const right = Math.max(...lines.map(([, value]) => value.length));
  const rule = (start: string, middle: string, end: string): string =>
    `  ${start}${'─'.repeat(left + 2)}${middle}${'─'.repeat(right + 2)}${end}`;
  const body = lines.map(([name, value]) => `  │ ${name.padEnd(left)} │ ${value.padEnd(right)} │`);
  return [rule('┌', '┬', '┐'), ...body, rule('└', '┴', '┘')].join('\n');
}

runAsProgram(import.meta.url, main);
