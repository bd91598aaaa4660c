import { betterAuth } from 'better-auth';
import { createAuthOptions } from '../frontend/src/server/auth/options.ts';
import { createPool } from '../frontend/src/server/auth/pool.ts';
import { hideTokens } from '../frontend/src/server/auth/without-tokens.ts';
import { parseEnv } from '../frontend/src/server/env.ts';
import { TEST_BASE_URL, TEST_SECRET } from './better-auth.ts';
import { createTestDatabase } from './database.ts';

interface Described {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, object>>;
}

describe('the description of Better Auth’s routes', () => {
  it('is served whole, to a browser too; its page, which loads a script from elsewhere, is not', async () => {
    const database = await createTestDatabase('app');
    const env = parseEnv({ DATABASE_URL: database.ownerUrl, BETTER_AUTH_SECRET: TEST_SECRET });
    const pool = createPool(env.databaseUrl);
    const auth = betterAuth(createAuthOptions({ env, pool, mail: async () => undefined }));
    const get = async (path: string): Promise<Response> => {
      const request = new Request(`${TEST_BASE_URL}/api/auth${path}`, { headers: { 'sec-fetch-site': 'none' } });
      return hideTokens(request, await auth.handler(request));
    };

    const response = await get('/open-api/generate-schema');
    expect(response.status).toBe(200);
    const document = (await response.json()) as Described;
    expect(document.openapi).toMatch(/^3\.1/);
    expect(document.servers).toEqual([{ url: `${TEST_BASE_URL}/api/auth` }]);
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/sign-in/email', '/sign-out', '/token', '/admin/ban-user', '/two-factor/enable']),
    );
    // A browser's answers lose every `token`; this one describes tokens and holds none.
    expect(JSON.stringify(document.paths['/sign-in/email'])).toContain('"token"');
    expect((await get('/reference')).status).toBe(404);

    await pool.end();
    await database.drop();
  });
});
