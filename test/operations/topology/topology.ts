import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiDatabaseUrl, apiRolePassword, API_ROLE } from '../../../backend/src/database/api-role.ts';
import { migrate as migrateApi } from '../../../backend/src/operator/migrate.ts';
import { migrate as migrateWeb } from '../../../frontend/scripts/migrate.ts';
import { freePort } from '../../../scripts/ports.ts';
import { startPostgres, type EmbeddedPostgres } from '../../../scripts/postgres/embedded.ts';
import { removeAfterUs } from '../../../scripts/reaper.ts';
import { ROOT } from '../../../scripts/root.ts';
import { TEST_SECRET } from '../../better-auth.ts';
import { startApi, type ApiProcess } from '../api-process.ts';
import { listens, startDaemon, type Daemon } from '../programs/daemon.ts';
import { findProgram } from '../programs/programs.ts';
import { planBalancer, startBalancer, type Balancer } from './haproxy.ts';
import { startPooler, type Pooler } from './pgbouncer.ts';

/** Everything a deployment of several machines has, on one. */
export interface Topology {
  balancer: Balancer;
  pooler: Pooler;
  apis: ApiProcess[];
  primary: EmbeddedPostgres;
  /** `DATA_DIR` of the primary. */
  primaryDir: string;
  startApi(index: number): Promise<ApiProcess>;
  versions: string;
  stop(): Promise<void>;
}

export const MAX_CONNECTIONS = 100;

export function temporaryDirectory(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `session-guard-${name}-`));
  removeAfterUs(directory);
  return directory;
}

/**
 * Browser → HAProxy → two API processes and Better Auth → PgBouncer (transactions) → HAProxy → PostgreSQL,
 * with the API's LISTEN going past PgBouncer, and Redis for the rate limits.
 *
 * @throws Error when a program that npm doesn't bring can't be had on this machine
 */
export async function startTopology(): Promise<Topology> {
  const [haproxy, pgbouncer, redis] = [
    await findProgram('haproxy'),
    await findProgram('pgbouncer'),
    await findProgram('redis-server'),
  ];
  const primaryDir = temporaryDirectory('primary');
  const primary = await startPostgres({ dataDir: primaryDir, maxConnections: MAX_CONNECTIONS });
  await migrateWeb({ DATABASE_URL: primary.url, BETTER_AUTH_SECRET: TEST_SECRET });
  await migrateApi({ databaseUrl: primary.url, secret: TEST_SECRET });

  const plan = await planBalancer();
  const url = `http://127.0.0.1:${plan.port}`;
  const ports = [await freePort(), await freePort()];
  const authPort = await freePort();
  const balancer = await startBalancer(haproxy, plan, { apis: ports, auth: authPort, primary: primary.port });

  const moved = new URL(primary.url);
  moved.port = String(plan.primaryPort);
  const pooler = await startPooler(pgbouncer, {
    server: { port: plan.primaryPort },
    database: 'session_guard',
    users: { postgres: moved.password, [API_ROLE]: apiRolePassword(TEST_SECRET) },
  });
  const redisPort = await freePort();
  const cache = await startDaemon(
    'Redis',
    [
      redis.command,
      ...redis.prefix,
      '--port',
      String(redisPort),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
    ],
    redisPort,
    { cwd: tmpdir() },
  );

  const secrets = `1:${TEST_SECRET}`;
  const auth = await startDaemon(
    'Better Auth',
    [process.execPath, '--import', 'tsx', 'test/operations/topology/auth-server.ts'],
    () => listens(authPort),
    {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'],
        AUTH_PORT: String(authPort),
        AUTH_URL: url,
        DATABASE_URL: pooler.through(moved.href),
        BETTER_AUTH_SECRETS: secrets,
      },
    },
  );
  const start = (index: number): Promise<ApiProcess> =>
    startApi(`API ${index + 1}`, {
      API_PORT: String(ports[index]),
      API_DATABASE_URL: pooler.through(apiDatabaseUrl(moved.href, TEST_SECRET)),
      DATABASE_LISTEN_URL: apiDatabaseUrl(moved.href, TEST_SECRET),
      BETTER_AUTH_SECRETS: secrets,
      BETTER_AUTH_URL: url,
      TRUSTED_PROXIES: 'loopback',
      REDIS_URL: `redis://127.0.0.1:${redisPort}`,
      RATE_LIMIT: '1000000',
    });
  const apis = await Promise.all([start(0), start(1)]);
  return {
    balancer,
    pooler,
    apis,
    primary,
    primaryDir,
    startApi: start,
    versions: `HAProxy ${haproxy.version}, PgBouncer ${pgbouncer.version}, Redis ${redis.version}`,
    stop: async () => {
      const daemons: Daemon[] = [balancer.daemon, ...apis.map(({ daemon }) => daemon), auth, cache, pooler.daemon];
      for (const daemon of daemons) await daemon.stop();
      await primary.stop();
    },
  };
}
