import { betterAuth, type BetterAuthOptions } from 'better-auth';
import { admin, bearer, jwt, organization, twoFactor } from 'better-auth/plugins';
import pg from 'pg';

/** Signs cookies and JWTs' keys in tests, and derives the API role's password. Never used outside tests. */
export const TEST_SECRET = 'a-secret-for-tests-only-0123456789abcdef';

/** Where Better Auth is in tests: decides issuer, audience and the cookie's name. Nothing listens there. */
export const TEST_BASE_URL = 'http://localhost:3000';

/** What a test may change about its Better Auth. */
export interface TestAuthOptions extends Pick<
  BetterAuthOptions,
  | 'advanced'
  | 'baseURL'
  | 'databaseHooks'
  | 'secondaryStorage'
  | 'secret'
  | 'secrets'
  | 'session'
  | 'trustedOrigins'
  | 'user'
> {
  /** The database, as its owner. Either this or `pool`. */
  url?: string;
  pool?: pg.Pool;
  /** Merged over `{ expirationTime: '15m', definePayload: sid }`. */
  jwt?: NonNullable<NonNullable<Parameters<typeof jwt>[0]>['jwt']>;
  jwks?: NonNullable<NonNullable<Parameters<typeof jwt>[0]>['jwks']>;
  bearer?: NonNullable<Parameters<typeof bearer>[0]>;
}

function plugins(options: TestAuthOptions) {
  return [
    bearer(options.bearer),
    jwt({
      ...(options.jwks ? { jwks: options.jwks } : {}),
      jwt: { expirationTime: '15m', definePayload: ({ session }) => ({ sid: session['id'] }), ...options.jwt },
    }),
    admin(),
    twoFactor(),
  ] as const;
}

function baseOptions({ url, pool, jwt: _jwt, jwks: _jwks, bearer: _bearer, ...overrides }: TestAuthOptions) {
  return {
    baseURL: TEST_BASE_URL,
    // A list of secrets replaces the single one.
    ...(overrides.secrets ? {} : { secret: TEST_SECRET }),
    emailAndPassword: { enabled: true },
    user: { deleteUser: { enabled: true } },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    database: pool ?? connect(url),
    ...overrides,
  } satisfies BetterAuthOptions;
}

function connect(url: string | undefined): pg.Pool {
  if (url === undefined) throw new Error('createBetterAuth needs the database: give it `url` or `pool`.');
  // allowExitOnIdle: a test that ends leaves nothing open, although nobody closes this pool.
  const pool = new pg.Pool({ connectionString: url, max: 5, allowExitOnIdle: true, idleTimeoutMillis: 500 });
  // Dropping the database cuts idle connections, and an unheard `error` event would end the process.
  pool.on('error', () => undefined);
  return pool;
}

/**
 * A real Better Auth on a database made from template `better-auth`: email and password, bearer, jwt with `sid`,
 * admin, two-factor and organization. No rate limit: suites that test it start the web application instead.
 *
 * @example
 * const auth = createBetterAuth({ url: database.ownerUrl });
 * const body = { name: 'Ada', email: 'ada@example.com', password: 'correct horse' };
 * const { token, user } = await auth.api.signUpEmail({ body });
 */
export function createBetterAuth(options: TestAuthOptions) {
  return betterAuth({ ...baseOptions(options), plugins: [...plugins(options), organization()] });
}

/**
 * The same on a database made from template `app`, which has the web application's plugins: no organization there.
 */
export function createAppBetterAuth(options: TestAuthOptions) {
  return betterAuth({ ...baseOptions(options), plugins: [...plugins(options)] });
}
