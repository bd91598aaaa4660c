import { betterAuth } from 'better-auth';
import { admin, bearer } from 'better-auth/plugins';
import pg from 'pg';

const { DATABASE_URL, BETTER_AUTH_URL = '', BETTER_AUTH_SECRET = '' } = process.env;

export const pool = new pg.Pool({ connectionString: DATABASE_URL });
pool.on('error', () => undefined);

export const auth = betterAuth({
  baseURL: BETTER_AUTH_URL,
  secret: BETTER_AUTH_SECRET,
  database: pool,
  emailAndPassword: { enabled: true },
  databaseHooks: {
    user: {
      create: {
        after: async ({ id }) => {
          await pool.query('insert into note (user_id, body) values ($1, $2)', [id, 'Welcome']);
        },
      },
    },
  },
  plugins: [admin(), bearer()],
});
