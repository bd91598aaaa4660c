import { betterAuth } from 'better-auth';
import { jwt } from 'better-auth/plugins';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'] });
pool.on('error', () => undefined);

export const auth = betterAuth({
  baseURL: process.env['BETTER_AUTH_URL'] ?? '',
  secret: process.env['BETTER_AUTH_SECRET'] ?? '',
  database: pool,
  emailAndPassword: { enabled: true },
  plugins: [jwt({ jwks: { keyPairConfig: { alg: 'ES256' } } })],
});
