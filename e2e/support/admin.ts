import { Client } from 'pg';

/** What an operator does for the first administrator. */
export async function makeAdmin(email: string): Promise<void> {
  const client = new Client({ connectionString: process.env['E2E_DATABASE_URL'] });
  await client.connect();
  try {
    await client.query(`update "user" set role = 'admin' where email = $1`, [email]);
  } finally {
    await client.end();
  }
}
