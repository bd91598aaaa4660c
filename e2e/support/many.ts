import { Client } from 'pg';

/**
 * Gives somebody this many tasks at once, "Task 001" the oldest: by requests that would take longer than the test they
 * are for.
 */
export async function addTasks(email: string, count: number): Promise<void> {
  const client = new Client({ connectionString: process.env['E2E_DATABASE_URL'] });
  await client.connect();
  try {
    await client.query(
      `insert into task (user_id, title, created_at)
       select u.id, 'Task ' || lpad(n::text, 3, '0'), now() - interval '1 day' + n * interval '1 second'
       from "user" u, generate_series(1, $2::int) n where u.email = $1`,
      [email, count],
    );
  } finally {
    await client.end();
  }
}
