import { freePort } from '../../scripts/ports.ts';
import { ROOT } from '../../scripts/root.ts';
import { startDaemon, type Daemon } from './programs/daemon.ts';

/** The built API as a process of its own. */
export interface ApiProcess {
  daemon: Daemon;
  port: number;
  url: string;
  metricsUrl: string;
}

/**
 * Starts `backend/dist/main.js` as a deployment does and waits until it is ready.
 *
 * @param env what the API is to read; ports are chosen when missing
 */
export async function startApi(name: string, env: Readonly<Record<string, string>>): Promise<ApiProcess> {
  const port = Number(env['API_PORT'] ?? (await freePort()));
  const metricsPort = Number(env['METRICS_PORT'] ?? (await freePort()));
  const url = `http://127.0.0.1:${port}`;
  const daemon = await startDaemon(
    name,
    [process.execPath, '--enable-source-maps', 'backend/dist/main.js'],
    () => isReady(url),
    {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        API_PORT: String(port),
        METRICS_PORT: String(metricsPort),
        ...env,
      },
    },
  );
  return { daemon, port, url, metricsUrl: `http://127.0.0.1:${metricsPort}/metrics` };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/health/ready`, { signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
