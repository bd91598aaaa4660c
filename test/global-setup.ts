import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type EmbeddedPostgres } from '../scripts/postgres/embedded.ts';
import { removeAfterUs } from '../scripts/reaper.ts';

declare global {
  var testPostgres: EmbeddedPostgres | undefined;
}

/** A server for tests: fast rather than safe, in a temporary directory that goes when this process does. */
export async function startTestPostgres(): Promise<EmbeddedPostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), 'session-guard-test-'));
  removeAfterUs(dataDir);
  return startPostgres({ dataDir, durable: false, maxConnections: 300 });
}

/** One PostgreSQL for the whole run; workers learn its address from TEST_POSTGRES_URL. One set from outside is used. */
export default async function setup(): Promise<void> {
  if (process.env['TEST_POSTGRES_URL']) return;
  globalThis.testPostgres = await startTestPostgres();
  process.env['TEST_POSTGRES_URL'] = globalThis.testPostgres.url;
}
