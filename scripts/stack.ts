import { apiDatabaseUrl } from '../backend/src/database/api-role.ts';
import { parseEnv as parseApiEnv } from '../backend/src/env.ts';
import { parseEnv as parseWebEnv } from '../frontend/src/server/env.ts';
import { build } from './build.ts';
import { settingsError, type Settings } from './env.ts';
import { migrate, migrateIfChanged } from './migrate.ts';
import { freePort, isPortFree } from './ports.ts';
import { startPostgres, type EmbeddedPostgres } from './postgres/embedded.ts';
import { waitUntilReady } from './ready.ts';
import { keptSecret } from './secret.ts';
import type { Steps } from './steps.ts';
import type { Supervised, Supervisor } from './supervisor.ts';

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
  /** Gets what the applications print. */
  onLine?: (name: 'web' | 'api', line: string) => void;
  /** `false` for tests: faster, unsafe at a power cut. Default `true`. */
  durable?: boolean;
  /** Told as soon as the embedded server runs, so that it can be stopped when a later step is interrupted. */
  onPostgres?: (postgres: EmbeddedPostgres) => void;
}

/**
 * Starts PostgreSQL (unless `DATABASE_URL` names one), migrates, builds what changed, and starts API and web.
 *
 * @throws Error before anything is started when a variable is wrong or a port is busy; later, when a part fails. The
 *   caller then stops the supervisor and the server it was told of.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { settings, steps, supervisor } = options;
  const metricsPort = await steps.run('Check the environment and the ports', async () => {
    checkApplications(settings, options.env);
    await checkPorts(settings);
    return chooseMetricsPort(settings);
  });

  const postgres = settings.databaseUrl === undefined ? await steps.run('Start PostgreSQL', () => embedded(options)) : undefined;
  const databaseUrl = settings.databaseUrl ?? postgres?.url ?? '';
  const env = applicationEnvironment(settings, options.env, databaseUrl, metricsPort);

  await build(supervisor, steps);
  await (postgres === undefined ? migrate : migrateIfChanged)(supervisor, steps, env.migration);

  const { api, web } = await steps.run('Start the API and the web application', async () => {
    const started = {
      api: supervisor.spawnNode('The API', ['--enable-source-maps', 'backend/dist/main.js'], {
        env: env.api,
        onLine: (line) => options.onLine?.('api', line),
      }),
      web: supervisor.spawnNode(
        'The web application',
        ['node_modules/next/dist/bin/next', 'start', 'frontend', '-p', String(settings.webPort), '-H', settings.host],
        { env: env.web, onLine: (line) => options.onLine?.('web', line) },
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
    failed: watch([api, web], postgres),
    stop: async () => {
      await supervisor.stop();
      await postgres?.stop();
    },
  };
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

/** Asks the applications what they think of their variables, so that one list comes before anything starts. */
function checkApplications(settings: Settings, source: NodeJS.ProcessEnv): void {
  // What the stack supplies itself is given a stand-in here.
  const supplied = {
    DATABASE_URL: settings.databaseUrl ?? 'postgres://embedded@127.0.0.1/session_guard',
    ...(settings.hasSecret || settings.databaseUrl !== undefined ? {} : { BETTER_AUTH_SECRET: 'to-be-generated-0123456789-abcdefghij' }),
  };
  const complaints: string[] = [];
  for (const parse of [parseApiEnv, parseWebEnv]) {
    try {
      parse({ ...source, ...supplied });
    } catch (error) {
      complaints.push(...(error as Error).message.split('\n').slice(1).map((line) => line.trim().replace(/^(\w+): /, '$1 ')));
    }
  }
  if (complaints.length > 0) throw settingsError(oneLineAKey(complaints));
}

/** Both applications complain of a variable they share. */
function oneLineAKey(lines: readonly string[]): string[] {
  return [...new Map(lines.toReversed().map((line) => [line.split(' ')[0], line])).values()].toReversed();
}

async function checkPorts({ host, webPort, apiPort }: Settings): Promise<void> {
  const busy: string[] = [];
  for (const [name, port] of [['WEB_PORT', webPort], ['API_PORT', apiPort]] as const) {
    // `localhost` may mean ::1 as well, where somebody else's server would answer in our place.
    if (!(await isPortFree(port, host)) || (host === '127.0.0.1' && !(await isPortFree(port, '::1')))) {
      busy.push(`Port ${port} is in use.\n  Fix: stop what listens there, or choose another one: ${name}=${port + 100} npm start`);
    }
  }
  if (busy.length > 0) throw new Error(busy.join('\n'));
}

async function chooseMetricsPort({ metricsPort }: Settings): Promise<number | 'off'> {
  if (metricsPort === undefined) return (await isPortFree(9464)) ? 9464 : freePort();
  if (metricsPort === 'off' || (await isPortFree(metricsPort))) return metricsPort;
  throw new Error(`Port ${metricsPort} is in use.\n  Fix: stop what listens there, or set METRICS_PORT to another one, or to off.`);
}

function applicationEnvironment(settings: Settings, source: NodeJS.ProcessEnv, databaseUrl: string, metricsPort: number | 'off') {
  const shared: NodeJS.ProcessEnv = {
    ...source,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    HOST: settings.host,
    WEB_PORT: String(settings.webPort),
    API_PORT: String(settings.apiPort),
    METRICS_PORT: String(metricsPort),
    DATA_DIR: settings.dataDir,
    BETTER_AUTH_URL: settings.webUrl,
    NEXT_PUBLIC_BETTER_AUTH_URL: settings.webUrl,
    NEXT_PUBLIC_API_BASE_URL: settings.apiUrl,
    ...(settings.hasSecret ? {} : { BETTER_AUTH_SECRET: keptSecret(settings.dataDir, 'better-auth.secret') }),
  };
  const migration: NodeJS.ProcessEnv = { ...shared, DATABASE_URL: databaseUrl };
  const { secrets } = parseApiEnv(migration);
  // The API is given the restricted role and nothing of the owner's; the web application the reverse.
  const apiUrl = source['API_DATABASE_URL']?.trim() || apiDatabaseUrl(databaseUrl, secrets[0]);
  const api = without({ ...shared, API_DATABASE_URL: apiUrl }, ['DATABASE_URL']);
  const web = without(migration, ['API_DATABASE_URL', 'DATABASE_LISTEN_URL']);
  return { migration, api, web };
}

function without(env: NodeJS.ProcessEnv, keys: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([key]) => !keys.includes(key)));
}

function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function watch(parts: readonly Supervised[], postgres: EmbeddedPostgres | undefined): Promise<never> {
  const endings = parts.map(async (part): Promise<never> => {
    const result = await part.ended;
    throw new Error(`${part.name} ended by itself (${result}). Its last lines:\n${indent(part.lastLines())}\nNext: read the lines above, then npm start again; the data is kept.`);
  });
  if (postgres !== undefined) {
    endings.push(
      postgres.ended.then((lines) => {
        throw new Error(`PostgreSQL ended by itself. Its last lines:\n${indent(lines)}\nNext: npm start again; PostgreSQL recovers what was committed.`);
      }),
    );
  }
  const failed = Promise.race(endings);
  // A stack that is stopped on purpose ends its parts too, and nobody need listen then.
  failed.catch(() => undefined);
  return failed;
}

function indent(lines: string): string {
  return lines.split('\n').map((line) => `    ${line}`).join('\n');
}
