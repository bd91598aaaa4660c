import { EnvError, parseEnv } from './env.ts';

const SECRET = 'Zq3kT9vB7xW1yR5mN8pL2sD6fG4hJ0aC';
const MINIMAL = { DATABASE_URL: 'postgres://owner:hunter2@db.example:5432/app', BETTER_AUTH_SECRET: SECRET };

const problemsOf = (source: Record<string, string>): EnvError => {
  try {
    parseEnv(source);
  } catch (error) {
    if (error instanceof EnvError) return error;
    throw error;
  }
  throw new Error('it was accepted');
};

describe('parseEnv', () => {
  it('a database and a secret are enough; everything else has the documented default', () => {
    const env = parseEnv(MINIMAL);
    expect(env).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      publicUrl: 'http://localhost:4000',
      authUrl: 'http://localhost:3000',
      corsOrigins: ['http://localhost:3000'],
      corsHeaders: [],
      bodyLimit: 1_048_576,
      trustedProxies: [],
      rateLimit: 600,
      statementTimeoutMs: 2_000,
      metricsPort: 9464,
      metricsHost: '127.0.0.1',
      redisUrl: undefined,
      logLevel: 'info',
    });
    expect(new URL(env.databaseUrl).username).toBe('session_guard_api');
    expect(env.listenUrl).toBe(env.databaseUrl);
  });

  it('the web’s address decides the origin, and explicit values win', () => {
    const env = parseEnv({
      ...MINIMAL,
      NEXT_PUBLIC_BETTER_AUTH_URL: 'https://a.example/base',
      BETTER_AUTH_URL: 'https://b.example',
      API_DATABASE_URL: 'postgres://api@pooler/app',
      DATABASE_LISTEN_URL: 'postgres://api@db/app',
      RATE_LIMIT: 'off',
      METRICS_PORT: 'off',
      CORS_ORIGINS: ' https://b.example , https://c.example',
      NEXT_PUBLIC_API_BASE_URL: 'https://api.example/',
    });
    expect(env).toMatchObject({
      authUrl: 'https://b.example',
      databaseUrl: 'postgres://api@pooler/app',
      listenUrl: 'postgres://api@db/app',
      rateLimit: undefined,
      metricsPort: undefined,
      corsOrigins: ['https://b.example', 'https://c.example'],
      publicUrl: 'https://api.example',
    });
  });

  it('of BETTER_AUTH_SECRETS the first signs', () => {
    const { BETTER_AUTH_SECRET: _old, ...rest } = MINIMAL;
    expect(parseEnv({ ...rest, BETTER_AUTH_SECRETS: `2:${SECRET},1:${SECRET}x` }).secrets).toEqual([
      SECRET,
      `${SECRET}x`,
    ]);
  });

  it('nothing at all → what is missing, each with its fix', () => {
    const { problems } = problemsOf({ LOG_LEVEL: '  ' });
    expect(problems.map(({ key }) => key)).toEqual(['BETTER_AUTH_SECRET', 'API_DATABASE_URL']);
  });

  it.each([
    ['1024', 1_024],
    ['512 KiB', 524_288],
    ['2MiB', 2_097_152],
    ['100 mib', 104_857_600],
  ])('API_BODY_LIMIT=%s → %i bytes', (value, bodyLimit) => {
    expect(parseEnv({ ...MINIMAL, API_BODY_LIMIT: value, CORS_HEADERS: 'X-A, x-b' })).toMatchObject({
      bodyLimit,
      corsHeaders: ['X-A', 'x-b'],
    });
  });

  it.each([
    ['API_PORT', '65536'],
    ['API_PORT', '4e3'],
    ['HOST', 'a host'],
    ['DATABASE_URL', 'mysql://hunter2@db/app'],
    ['BETTER_AUTH_URL', 'app.example.com'],
    ['CORS_ORIGINS', 'https://a.example/'],
    ['CORS_ORIGINS', '*'],
    ['CORS_HEADERS', '*'],
    ['CORS_HEADERS', 'X Y'],
    ['API_BODY_LIMIT', '1023'],
    ['API_BODY_LIMIT', '101 MiB'],
    ['API_BODY_LIMIT', '1 GB'],
    ['API_BODY_LIMIT', '1e6'],
    ['TRUSTED_PROXIES', 'everybody'],
    ['RATE_LIMIT', '0'],
    ['RATE_LIMIT', 'hunter2'],
    ['STATEMENT_TIMEOUT_MS', '0'],
    ['STATEMENT_TIMEOUT_MS', '2s'],
    ['METRICS_PORT', 'hunter2'],
    ['REDIS_URL', 'http://hunter2'],
    ['LOG_LEVEL', 'hunter2'],
    ['BETTER_AUTH_SECRETS', 'hunter2-hunter2-hunter2-hunter2-hunter2'],
  ])('47: %s=%s → the start stops, names the key and the fix, and repeats no value', (key, value) => {
    const error = problemsOf({ ...MINIMAL, [key]: value });
    expect(error.problems.map((problem) => problem.key)).toEqual([key]);
    expect(error.message).toContain(`${key}: must be `);
    expect(error.message).not.toContain('hunter2');
    expect(error.message).not.toContain(SECRET);
  });

  it.each(['short', 'better-auth-secret-12345678901234567890', 'a'.repeat(40)])(
    '47: the secret %s → refused without being repeated',
    (secret) => {
      const error = problemsOf({ ...MINIMAL, BETTER_AUTH_SECRET: secret });
      expect(error.message).toMatch(/^The environment is not usable:\n {2}BETTER_AUTH_SECRET: /);
      expect(error.message).not.toContain(secret);
    },
  );
});
