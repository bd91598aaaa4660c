import { apiDatabaseUrl } from '../../backend/src/database/api-role.ts';
import { freePort } from '../../scripts/ports.ts';
import { until } from '../../scripts/processes.ts';
import type { Supervised, Supervisor } from '../../scripts/supervisor.ts';

/** How an API of the suite runs. */
export interface ApiOptions {
  readonly ownerUrl: string;
  readonly secret: string;
  readonly origin: string;
  /** In place of the database's own address, e.g. a proxy's. */
  readonly databaseUrl?: string;
  readonly listenUrl?: string;
  /** Variables for Node itself, e.g. a skewed clock. */
  readonly env?: NodeJS.ProcessEnv;
}

const READY_MS = 20_000;

/** The built API, as `npm start` runs it: a process of its own, in production mode, with the restricted role only. */
export class ApiProcess {
  #process: Supervised | undefined;
  /** Everything it printed; searched for credentials at the end. */
  readonly output: string[] = [];

  private constructor(
    private readonly supervisor: Supervisor,
    readonly port: number,
    private readonly options: ApiOptions,
  ) {}

  static async start(supervisor: Supervisor, options: ApiOptions): Promise<ApiProcess> {
    const api = new ApiProcess(supervisor, await freePort(), options);
    await api.startAgain();
    return api;
  }

  /** Starts it where it was. @returns milliseconds from its start to the first ready answer */
  async startAgain(): Promise<number> {
    const startedAt = performance.now();
    this.launch();
    await this.waitUntilReady();
    return performance.now() - startedAt;
  }

  launch(): void {
    const { ownerUrl, secret, origin, databaseUrl, listenUrl, env } = this.options;
    const url = databaseUrl ?? apiDatabaseUrl(ownerUrl, secret);
    this.#process = this.supervisor.spawnNode('The API', ['--enable-source-maps', 'backend/dist/main.js'], {
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        API_PORT: String(this.port),
        METRICS_PORT: 'off',
        RATE_LIMIT: 'off',
        BETTER_AUTH_SECRET: secret,
        BETTER_AUTH_URL: origin,
        API_DATABASE_URL: url,
        ...(listenUrl === undefined ? {} : { DATABASE_LISTEN_URL: listenUrl }),
        ...env,
      },
      onLine: (line) => this.output.push(line),
    });
  }

  async waitUntilReady(): Promise<void> {
    const api = this.#running();
    const ready = await until(async () => !api.running() || (await isReady(this.port)), READY_MS, 10);
    if (!ready || !api.running()) throw new Error(`The API did not become ready:\n${api.lastLines()}`);
  }

  kill(signal: 'SIGKILL' | 'SIGTERM'): void {
    process.kill(this.#running().pid, signal);
  }

  /** Exit code, or the signal that ended it. */
  get ended(): Promise<number | NodeJS.Signals> {
    return this.#running().ended;
  }

  async stop(): Promise<void> {
    const api = this.#running();
    if (api.running()) this.kill('SIGTERM');
    await api.ended;
  }

  #running(): Supervised {
    if (this.#process === undefined) throw new Error('The API was not started.');
    return this.#process;
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/health/ready`, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
