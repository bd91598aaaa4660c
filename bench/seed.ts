import pg from 'pg';

/** Users, each with a session of seven days. */
export const USERS = 100_000;
/** Users whose credentials are used, each with tasks to list. */
export const CLIENTS = 1_000;
const TASKS_A_CLIENT = 30;

/** The n-th user's session token: 32 characters, as Better Auth's. */
export function tokenOf(client: number): string {
  return `t${String(client).padStart(31, '0')}`;
}

/** Fills a migrated database: {@link USERS} users and sessions, tasks for the first {@link CLIENTS}. */
export async function seed(ownerUrl: string, users = USERS): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(
      `insert into "user" (id, name, email, "emailVerified")
       select 'user-' || n, 'User ' || n, 'user-' || n || '@example.com', true from generate_series(1, $1::int) as n`,
      [users],
    );
    await client.query(
      `insert into session (id, token, "userId", "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent")
       select 'session-' || n, 't' || lpad(n::text, 31, '0'), 'user-' || n, now() + interval '7 days', now(), now(),
         '203.0.113.7',
              'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
         from generate_series(1, $1::int) as n`,
      [users],
    );
    await client.query(
      `insert into task (title, description, status, priority, due_at, created_at, user_id)
       select 'Task ' || t, 'Something to be done by somebody, described in a sentence.', 'todo', 'medium',
         now() + make_interval(days => t),
              now() - make_interval(mins => t), 'user-' || n
         from generate_series(1, $1::int) as n, generate_series(1, $2::int) as t`,
      [CLIENTS, TASKS_A_CLIENT],
    );
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}
