import { DataSource } from 'typeorm';
import { API_ROLE_SETTING } from '@session-guard/isolation';
import { migrations } from '../database/migrations/index.ts';

/**
 * Milliseconds a migration waits for a lock. A statement that waits for an exclusive lock holds up everybody who comes
 * after it: rather than that, it fails, and is run again.
 */
const LOCK_MS = 5_000;

/**
 * The owner's DataSource, for migrations only.
 *
 * @param url connection string of the tables' owner
 * @param apiRole the role that migrations grant to; they learn it by a session setting
 */
export function ownerDataSource(url: string, apiRole: string, lockMs = LOCK_MS): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    applicationName: 'session-guard-migrate',
    synchronize: false,
    migrations,
    migrationsTableName: 'api_migrations',
    extra: {
      max: 1,
      connectionTimeoutMillis: 10_000,
      options: `-c ${API_ROLE_SETTING}=${apiRole} -c lock_timeout=${lockMs}`,
    },
  });
}
