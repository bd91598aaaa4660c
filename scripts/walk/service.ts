import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { blocksOf } from '../markdown.ts';
import { startPostgres } from '../postgres/embedded.ts';
import type { Places } from './typed.ts';

/** A PostgreSQL as a service offers it: encrypted connections only, an authority of its own, an owner who may not create roles. */
export interface Service {
  readonly place: NonNullable<Places['service']>;
  stop(): Promise<void>;
}

const CONNECTIONS = `hostssl all all 127.0.0.1/32 scram-sha-256\n`;

/**
 * @param directory open to the user PostgreSQL runs as
 * @param guide the document whose statements the service's administrator runs: the API's role, with its password
 */
export async function startService(directory: string, guide: string): Promise<Service> {
  const statements = blocksOf(readFileSync(guide, 'utf8')).find(({ language }) => language === 'sql')?.code ?? '';
  const password = /\bpassword '([^']+)'/.exec(statements)?.[1];
  if (password === undefined) throw new Error(`${guide} has no statements that make the API's role any more.`);
  const dataDir = join(directory, 'service');
  const postgres = await startPostgres({ dataDir });
  const client = new pg.Client({ connectionString: postgres.url });
  try {
    await client.connect();
    const { rows } = await client.query<{ pgdata: string }>(`select current_setting('data_directory') as pgdata`);
    const pgdata = rows[0]?.pgdata ?? '';
    await certify(pgdata);
    await client.query(`alter system set ssl = on`);
    await client.query(`create role owner login password '${password}'`);
    await client.query('alter database session_guard owner to owner');
    await client.query(statements);
    writeFileSync(join(pgdata, 'pg_hba.conf'), CONNECTIONS);
    await client.query('select pg_reload_conf()');
    const authority = join(directory, 'ca.pem');
    writeFileSync(authority, readFileSync(join(pgdata, 'server.crt')));
    return { place: { host: `localhost:${postgres.port}`, password, authority }, stop: () => postgres.stop() };
  } catch (error) {
    await postgres.stop();
    throw error;
  } finally {
    await client.end();
  }
}

/** A certificate for `localhost` that is its own authority. */
async function certify(pgdata: string): Promise<void> {
  const [key, certificate] = [join(pgdata, 'server.key'), join(pgdata, 'server.crt')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '1',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
      '-keyout',
      key,
      '-out',
      certificate,
    ],
    { stdio: 'ignore' },
  );
  const { uid, gid } = statSync(pgdata);
  for (const file of [key, certificate]) chownSync(file, uid, gid);
  chmodSync(key, 0o600);
}
