import { DataSource } from 'typeorm';
import { Notes1700000000000 } from './1700000000000-notes.ts';

/** Run by the deployment, as the owner of the tables and after Better Auth's own migrations. */
export async function migrate(ownerUrl: string): Promise<void> {
  const owner = await new DataSource({ type: 'postgres', url: ownerUrl, migrations: [Notes1700000000000] }).initialize();
  try {
    await owner.runMigrations();
  } finally {
    await owner.destroy();
  }
}
