import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** Connects as the owner to the embedded server that runs on `dataDir`; `undefined` when none answers. */
export async function runningPostgres(dataDir: string): Promise<string | undefined> {
  const [port, password] = ['postgres.port', 'postgres.password'].map((name) => join(dataDir, name));
  if (port === undefined || password === undefined || !existsSync(port) || !existsSync(password)) return undefined;
  const read = (file: string): string => readFileSync(file, 'utf8').trim();
  const url = `postgres://postgres:${read(password)}@127.0.0.1:${read(port)}/session_guard`;
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return url;
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}
