import { builtProgram, sourceProgram } from './api-program.ts';
import { build } from './build.ts';
import type { Settings } from './env.ts';
import { migrate, migrateIfChanged } from './migrate.ts';
import { startPostgres, type EmbeddedPostgres } from './postgres/embedded.ts';
import { waitUntilReady } from './ready.ts';
import {
  applicationEnvironment,
  checkApplications,
  checkPorts,
  chooseMetricsPort,
  reachable,
} from './stack-environment.ts';
import type { Steps } from './steps.ts';
import type { Supervised, Supervisor } from './supervisor.ts';

/** MiB of heap, as under docker/ and deploy/: 100,000 remembered credentials fit, and V8 lets less garbage gather. */
export const API_HEAP = '--max-old-space-size=256';

/** Everything that runs after `npm start`. */
export interface Stack {
  webUrl: string;
  apiUrl: string;
  /** `undefined` when metrics are off. */
  metricsUrl: string | undefined;
  /** As the owner; holds a password. */
  databaseUrl: string;
  /** The embedded server, unless `DATABASE_URL` named another. */
  postgres: EmbeddedPostgres | undefined;
  /** The two applications. */
  processes: Readonly<Record<'api' | 'web', Supervised>>;
  /** Rejects when a part ends by itself, naming it, its last lines and what to do. Never resolves. */
  failed: Promise<never>;
  /** Stops web and API, then PostgreSQL. Safe to call twice. */
  stop(): Promise<void>;
}

export interface StackOptions {
  settings: Settings;
  /** The caller's environment: what the applications read beyond the settings. */
  env: NodeJS.ProcessEnv;
  steps: Steps;
  supervisor: Supervisor;
  /** Gets what the applications print; see {@link spawnApi} for the API. */
  onLine?: (line: string) => void;
  /** `false` for tests: faster, unsafe at a power cut. Default `true`. */
  durable?: boolean;
  /** Told as soon as the embedded server runs, so that it can be stopped when a later step is interrupted. */
  onPostgres?: (postgres: EmbeddedPostgres) => void;
}

/** What comes before the applications: checked variables, a database, and its migrations. */
export interface PreparedStack {
  databaseUrl: string;
  postgres: EmbeddedPostgres | undefined;
  metricsPort: number | 'off';
  /** The environment of each application: the API is given nothing of the owner's. */
  env: { migration: NodeJS.ProcessEnv; api: NodeJS.ProcessEnv; web: NodeJS.ProcessEnv };
}

/**
 * Checks the environment, starts PostgreSQL (unless `DATABASE_URL` names one), builds when told to, and migrates: by
 * the API's sources where nothing was built.
 * @throws Error before anything is started when a variable is wrong or a port is busy.
 */
export async function prepareStack(options: StackOptions, build?: () => Promise<unknown>): Promise<PreparedStack> {
  const { settings, steps, supervisor } = options;
  const metricsPort = await steps.run('Check the environment and the ports', async () => {
    checkApplications(settings, options.env);
    await checkPorts(settings);
    return chooseMetricsPort(settings);
  });
  const postgres =
    settings.databaseUrl === undefined ? await steps.run('Start PostgreSQL', () => embedded(options)) : undefined;
  const databaseUrl = settings.databaseUrl ?? postgres?.url ?? '';
  const env = applicationEnvironment(settings, options.env, databaseUrl, metricsPort);
  await build?.();
  const program = build === undefined ? sourceProgram : builtProgram;
  await (postgres === undefined ? migrate : migrateIfChanged)(supervisor, steps, env.migration, program);
  return { databaseUrl, postgres, metricsPort, env };
}

/**
 * Prepares the stack, building what changed, and starts API and web in production mode.
 * @throws Error as {@link prepareStack} does, and when a part fails. The caller then stops supervisor and server.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { settings, steps, supervisor } = options;
  const { databaseUrl, postgres, metricsPort, env } = await prepareStack(options, () => build(supervisor, steps));

  const { api, web } = await steps.run('Start the API and the web application', async () => {
    const started = {
      api: spawnApi(supervisor, 'backend/dist/main.js', env.api, options.onLine),
      web: supervisor.spawnNode(
        'The web application',
        ['frontend/server.mjs', '-p', String(settings.webPort), '-H', settings.host],
        { env: env.web, onLine: (line) => options.onLine?.(line) },
      ),
    };
    const host = reachable(settings.host);
    await Promise.all([
      waitUntilReady(started.api, `http://${host}:${settings.apiPort}/api/health/ready`),
      waitUntilReady(started.web, `http://${host}:${settings.webPort}/api/auth/ok`),
    ]);
    return started;
  });

  return {
    webUrl: settings.webUrl,
    apiUrl: settings.apiUrl,
    metricsUrl: metricsPort === 'off' ? undefined : `http://127.0.0.1:${metricsPort}/metrics`,
    databaseUrl,
    postgres,
    processes: { api, web },
    failed: watch([api, web], postgres),
    stop: async () => {
      await supervisor.stop();
      await postgres?.stop();
    },
  };
}

/**
 * Starts the built API. Where our output is no terminal it writes its log there itself: a log that is read and written
 *  again costs as much as the requests it is about. `onLine` gets the lines in a terminal.
 */
export function spawnApi(
  supervisor: Supervisor,
  program: string,
  env: NodeJS.ProcessEnv,
  onLine?: (line: string) => void,
): Supervised {
  return supervisor.spawnNode('The API', ['--enable-source-maps', API_HEAP, program], {
    env,
    ...(onLine && (process.stdout.isTTY ? { onLine } : { stdout: 'inherit' })),
  });
}

async function embedded({ settings, steps, durable, onPostgres }: StackOptions): Promise<EmbeddedPostgres> {
  const notes: string[] = [];
  const postgres = await startPostgres({
    dataDir: settings.dataDir,
    log: (line) => notes.push(line),
    ...(durable === undefined ? {} : { durable }),
  });
  onPostgres?.(postgres);
  for (const note of notes) steps.note(note);
  return postgres;
}

function watch(parts: readonly Supervised[], postgres: EmbeddedPostgres | undefined): Promise<never> {
  const endings = parts.map(async (part): Promise<never> => {
    const result = await part.ended;
    throw new Error(
      `${part.name} ended by itself (${result}). Its last lines:\n${indent(part.lastLines())}\n` +
        'Next: read the lines above, then npm start again; the data is kept.',
    );
  });
  if (postgres !== undefined) {
    endings.push(
      postgres.ended.then((lines) => {
        throw new Error(
          `PostgreSQL ended by itself. Its last lines:\n${indent(lines)}\n` +
            'Next: npm start again; PostgreSQL recovers what was committed.',
        );
      }),
    );
  }
  const failed = Promise.race(endings);
  // A stack that is stopped on purpose ends its parts too, and nobody need listen then.
  failed.catch(() => undefined);
  return failed;
}

function indent(lines: string): string {
  return lines
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
