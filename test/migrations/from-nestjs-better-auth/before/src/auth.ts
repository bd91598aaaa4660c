import { betterAuth } from 'better-auth';
import { admin, bearer } from 'better-auth/plugins';
import pg from 'pg';
import { env } from './env.ts';

export const pool = new pg.Pool({ connectionString: env.databaseUrl });
pool.on('error', () => undefined);

export const auth = betterAuth({
  baseURL: env.betterAuthUrl,
  secret: env.betterAuthSecret,
  database: pool,
  emailAndPassword: { enabled: true },
  hooks: {},
  plugins: [admin(), bearer()],
});
