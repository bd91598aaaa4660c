import { getMigrations } from 'better-auth/db/migration';
import pg from 'pg';
import { createBetterAuth } from './better-auth.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

/** A database whose Better Auth makes ids of another kind than its default. */
export interface DatabaseWithIds extends TestDatabase {
  readonly auth: ReturnType<typeof createBetterAuth>;
}

/**
 * A database whose Better Auth was told `advanced.database.generateId`: ids and foreign keys are `uuid`, or numbers.
 * Made on the spot, about half a second: few suites need one.
 */
export async function createDatabaseWithIds(generateId: 'uuid' | 'serial'): Promise<DatabaseWithIds> {
  const database = await createEmptyDatabase();
  const auth = createBetterAuth({ url: database.ownerUrl, advanced: { database: { generateId } } });
  const { runMigrations } = await getMigrations(auth.options);
  await runMigrations();
  return { ...database, auth };
}

/** A database without a table, on a server that knows the API's role. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase('better-auth');
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query('drop schema public cascade; create schema public; grant usage on schema public to public');
  await owner.end();
  return database;
}
