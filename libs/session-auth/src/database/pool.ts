import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/** The pg pool under a TypeORM data source (of the primary, when it replicates): verdicts must not lag behind. */
export function poolOf(dataSource: DataSource): Pool {
  const { driver } = dataSource;
  if (driver.options.type !== 'postgres' || !('master' in driver)) {
    throw new Error(
      `Session Guard verifies sessions in PostgreSQL, ` +
        `but the TypeORM data source is of type '${driver.options.type}'. ` +
        `Configure TypeOrmModule with type: 'postgres' and the database Better Auth uses.`,
    );
  }
  return driver.master as Pool;
}
