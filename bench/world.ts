import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiDatabaseUrl } from '../backend/src/database/api-role.ts';
import { API, build } from '../scripts/build.ts';
import { migrate } from '../scripts/migrate.ts';
import { freePort } from '../scripts/ports.ts';
import { startPostgres } from '../scripts/postgres/embedded.ts';
import { removeAfterUs } from '../scripts/reaper.ts';
import { API_HEAP } from '../scripts/stack.ts';
import type { Steps } from '../scripts/steps.ts';
import type { Supervisor } from '../scripts/supervisor.ts';
import { startApp, type App } from './app.process.ts';
import { PRODUCT_APPS } from './contenders.ts';

/** The origin Better Auth would have; nothing listens there. */
export const ORIGIN = 'http://localhost:3000';

/** A migrated database, and how to start contenders on it. */
export interface World {
  readonly ownerUrl: string;
  readonly secret: string;
  startProduct(name: string): Promise<App>;
  startPeer(name: string, publicKey: string): Promise<App>;
  stop(): Promise<void>;
}

/** Builds the product, starts PostgreSQL as it ships, and migrates it. */
export async function createWorld(supervisor: Supervisor, steps: Steps): Promise<World> {
  await build(supervisor, steps, { parts: [API] });
  const dataDir = mkdtempSync(join(tmpdir(), 'session-guard-bench-'));
  // The server drops root: its user must be able to walk through.
  chmodSync(dataDir, 0o711);
  removeAfterUs(dataDir);
  const postgres = await steps.run('Start PostgreSQL', () => startPostgres({ dataDir, maxConnections: 300 }));
  const secret = randomBytes(32).toString('base64url');
  const shared = { BETTER_AUTH_SECRET: secret, BETTER_AUTH_URL: ORIGIN };
  await migrate(supervisor, steps, { ...process.env, ...shared, DATABASE_URL: postgres.url });
  return {
    ownerUrl: postgres.url,
    secret,
    startProduct: async (name) => {
      const metricsPort = await freePort();
      return startApp(name, {
        command:
          name === 'product-started' ? ['--import', 'tsx', 'bench/started.ts'] : [API_HEAP, 'backend/bench/probe.mjs'],
        path: '/api/health/live',
        env: (port) => ({
          ...shared,
          API_PORT: String(port),
          API_DATABASE_URL: apiDatabaseUrl(postgres.url, secret),
          METRICS_PORT: String(metricsPort),
          RATE_LIMIT: '999999999',
          LOG_LEVEL: 'info',
          ...PRODUCT_APPS[name],
        }),
      });
    },
    startPeer: (name, publicKey) =>
      startApp(name, {
        command: ['--import', 'tsx', 'bench/peers/main.ts'],
        path: '/me',
        env: (port) => ({
          ...shared,
          PEER: name,
          PORT: String(port),
          DATABASE_URL: postgres.url,
          PUBLIC_KEY: publicKey,
          TSX_TSCONFIG_PATH: 'bench/tsconfig.json',
        }),
      }),
    stop: () => postgres.stop(),
  };
}
