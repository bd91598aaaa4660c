import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres, type EmbeddedPostgres } from '../../scripts/postgres/embedded.ts';
import { until } from '../../scripts/processes.ts';
import { removeAfterUs } from '../../scripts/reaper.ts';

const BACK_MS = 20_000;

/** A PostgreSQL that can be broken. It is durable, as in production: an acknowledged write must survive a crash. */
export class DatabaseServer {
  readonly dataDir: string;
  #server: EmbeddedPostgres;
  /** The owner's connections, which go through no proxy and aren't affected by the API's faults. */
  readonly owner: pg.Pool;

  private constructor(dataDir: string, server: EmbeddedPostgres) {
    this.dataDir = dataDir;
    this.#server = server;
    this.owner = new pg.Pool({
      connectionString: server.url,
      max: 8,
      connectionTimeoutMillis: 3_000,
      query_timeout: 15_000,
      application_name: 'endurance',
    });
    this.owner.on('error', () => undefined);
  }

  static async start(): Promise<DatabaseServer> {
    const dataDir = mkdtempSync(join(tmpdir(), 'session-guard-endurance-'));
    // The server drops root: its user must be able to walk through.
    chmodSync(dataDir, 0o711);
    removeAfterUs(dataDir);
    return new DatabaseServer(dataDir, await startPostgres({ dataDir, maxConnections: 60 }));
  }

  get url(): string {
    return this.#server.url;
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }

  /** Starts it again where it was. */
  async startAgain(): Promise<void> {
    this.#server = await startPostgres({ dataDir: this.dataDir, port: this.#server.port, maxConnections: 60 });
  }

  /** Resolves with the moment the server answers the owner, on the monotonic clock. */
  async waitUntilBack(): Promise<number> {
    if (!(await until(() => this.#answers(), BACK_MS, 10)))
      throw new Error(`PostgreSQL did not come back within ${BACK_MS / 1000} s.`);
    return performance.now();
  }

  /** Process ids of the server's connections with this `application_name`; of all of its processes without one. */
  async processes(application?: string): Promise<number[]> {
    const { rows } = await this.owner.query<{ pid: number }>(
      'select pid from pg_stat_activity where $1::text is null or application_name = $1',
      [application ?? null],
    );
    return rows.map(({ pid }) => pid);
  }

  /** Stops every process of the server with SIGSTOP: connections stay open and don't answer. */
  async freeze(): Promise<() => void> {
    // The main process first, so that it starts no other while the rest are being stopped.
    const processes = await this.processes();
    process.kill(this.#server.pid, 'SIGSTOP');
    signalAll(processes, 'SIGSTOP');
    return () => {
      signalAll(processes, 'SIGCONT');
      process.kill(this.#server.pid, 'SIGCONT');
    };
  }

  /** Kills the process of one connection: PostgreSQL then ends all of them and recovers as after a crash. */
  async crash(): Promise<void> {
    const [pid] = await this.processes('session-guard-api');
    if (pid === undefined) throw new Error('The API has no connection to kill.');
    process.kill(pid, 'SIGKILL');
  }

  async terminate(application: string): Promise<number> {
    const { rowCount } = await this.owner.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1',
      [application],
    );
    return rowCount ?? 0;
  }

  async close(): Promise<void> {
    await this.owner.end();
    await this.#server.stop();
  }

  async #answers(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 1_000, query_timeout: 1_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function signalAll(processes: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of processes) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended since it was listed.
    }
  }
}
