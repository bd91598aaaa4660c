import { apiDatabaseUrl } from '../backend/src/database/api-role.ts';
import { parseEnv as parseApiEnv } from '../backend/src/env.ts';
import { parseEnv as parseWebEnv } from '../frontend/src/server/env.ts';
import { settingsError, type Settings } from './env.ts';
import { freePort, isPortFree } from './ports.ts';
import { keptSecret } from './secret.ts';

/** Asks the applications what they think of their variables, so that one list comes before anything starts. */
export function checkApplications(settings: Settings, source: NodeJS.ProcessEnv): void {
  // What the stack supplies itself is given a stand-in here.
  const supplied = {
    DATABASE_URL: settings.databaseUrl ?? 'postgres://embedded@127.0.0.1/session_guard',
    ...(settings.hasSecret || settings.databaseUrl !== undefined
      ? {}
      : { BETTER_AUTH_SECRET: 'to-be-generated-0123456789-abcdefghij' }),
  };
  const complaints: string[] = [];
  for (const parse of [parseApiEnv, parseWebEnv]) {
    try {
      parse({ ...source, ...supplied });
    } catch (error) {
      complaints.push(
        ...(error as Error).message
          .split('\n')
          .slice(1)
          .map((line) => line.trim().replace(/^(\w+): /, '$1 ')),
      );
    }
  }
  if (complaints.length > 0) throw settingsError(oneLineAKey(complaints));
}

/** Both applications complain of a variable they share. */
function oneLineAKey(lines: readonly string[]): string[] {
  return [...new Map(lines.toReversed().map((line) => [line.split(' ')[0], line])).values()].toReversed();
}

/** @throws Error naming every busy port, and the variable that moves it. */
export async function checkPorts({ host, webPort, apiPort }: Settings): Promise<void> {
  const busy: string[] = [];
  for (const [name, port] of [
    ['WEB_PORT', webPort],
    ['API_PORT', apiPort],
  ] as const) {
    // `localhost` may mean ::1 as well, where somebody else's server would answer in our place.
    if (!(await isPortFree(port, host)) || (host === '127.0.0.1' && !(await isPortFree(port, '::1')))) {
      busy.push(
        `Port ${port} is in use.\n` +
          `  Fix: stop what listens there, or choose another one: ${name}=${port + 100} npm start`,
      );
    }
  }
  if (busy.length > 0) throw new Error(busy.join('\n'));
}

/** 9464 unless told otherwise; when nobody asked for it and it is taken, any free one. */
export async function chooseMetricsPort({ metricsPort }: Settings): Promise<number | 'off'> {
  if (metricsPort === undefined) return (await isPortFree(9464)) ? 9464 : freePort();
  if (metricsPort === 'off' || (await isPortFree(metricsPort))) return metricsPort;
  throw new Error(
    `Port ${metricsPort} is in use.\n  Fix: stop what listens there, or set METRICS_PORT to another one, or to off.`,
  );
}

/** What each process is given: everything of the caller's, completed, and only its own database connection. */
export function applicationEnvironment(
  settings: Settings,
  source: NodeJS.ProcessEnv,
  databaseUrl: string,
  metricsPort: number | 'off',
) {
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
    API_INTERNAL_URL: source['API_INTERNAL_URL']?.trim() || `http://${reachable(settings.host)}:${settings.apiPort}`,
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

/** An address to reach a server at that listens on `host`. */
export function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
