import { EnvError, parseEnv } from './env.ts';

const SECRET = 'Zk3v9QwLr5TnYb8XcHs2JdUe7MfPa4Gi';
const GOOD = { DATABASE_URL: 'postgres://u:pw-canary@localhost/db', BETTER_AUTH_SECRET: SECRET };

const failure = (source: Record<string, string | undefined>): string => {
  try {
    parseEnv(source);
  } catch (error) {
    if (error instanceof EnvError) return error.message;
    throw error;
  }
  throw new Error('The environment was accepted.');
};

describe('parseEnv', () => {
  it('has a default for everything but the database and the secret', () => {
    expect(parseEnv(GOOD)).toMatchObject({
      production: false,
      webUrl: 'http://localhost:3000',
      apiUrl: 'http://localhost:4000',
      apiInternalUrl: 'http://localhost:4000',
      dataDir: '.data',
      trustedProxies: [],
      github: undefined,
      oidc: undefined,
    });
  });

  it('takes an empty value for none', () => {
    expect(parseEnv({ ...GOOD, WEB_PORT: '', SMTP_URL: '', GITHUB_CLIENT_ID: '', OIDC_ISSUER: '' }).webUrl).toBe(
      'http://localhost:3000',
    );
  });

  it('derives addresses from ports, and drops trailing slashes', () => {
    expect(parseEnv({ ...GOOD, WEB_PORT: '8080', API_PORT: '8081' })).toMatchObject({
      webUrl: 'http://localhost:8080',
      apiUrl: 'http://localhost:8081',
    });
    expect(parseEnv({ ...GOOD, BETTER_AUTH_URL: 'https://app.example.com/' }).webUrl).toBe('https://app.example.com');
    expect(
      parseEnv({ ...GOOD, NEXT_PUBLIC_API_BASE_URL: 'https://api.example.com', API_INTERNAL_URL: 'http://api:4000' }),
    ).toMatchObject({
      apiUrl: 'https://api.example.com',
      apiInternalUrl: 'http://api:4000',
    });
  });

  it('lists every wrong key and its fix, and never a value', () => {
    const message = failure({
      DATABASE_URL: 'mysql://pw-canary@x',
      BETTER_AUTH_SECRET: 'short-canary',
      WEB_PORT: '99999999',
      SMTP_URL: 'http://canary',
      TRUSTED_PROXIES: 'canary',
      BETTER_AUTH_URL: 'ftp://canary',
    });
    for (const key of [
      'DATABASE_URL',
      'BETTER_AUTH_SECRET',
      'WEB_PORT',
      'SMTP_URL',
      'TRUSTED_PROXIES',
      'BETTER_AUTH_URL',
    ])
      expect(message).toContain(key);
    expect(message).not.toContain('canary');
    expect(failure({})).toMatch(/DATABASE_URL is missing[\s\S]*BETTER_AUTH_SECRET is missing/);
  });

  it.each([
    'better-auth-secret-12345678901234567890',
    'a'.repeat(40),
    'abababababababababababababababababab',
    'x'.repeat(31),
  ])('refuses the secret %p', (secret) => {
    expect(failure({ ...GOOD, BETTER_AUTH_SECRET: secret })).toContain('BETTER_AUTH_SECRET');
  });

  it('reads rotated secrets in order', () => {
    const env = parseEnv({ DATABASE_URL: GOOD.DATABASE_URL, BETTER_AUTH_SECRETS: `2:${SECRET}, 1:old-${SECRET}` });
    expect(env.secrets).toEqual([
      { version: 2, value: SECRET },
      { version: 1, value: `old-${SECRET}` },
    ]);
    expect(failure({ DATABASE_URL: GOOD.DATABASE_URL, BETTER_AUTH_SECRETS: SECRET })).toContain('BETTER_AUTH_SECRETS');
  });

  it('wants both halves of a provider', () => {
    expect(failure({ ...GOOD, GITHUB_CLIENT_ID: 'x' })).toContain(
      'GITHUB_CLIENT_SECRET is missing beside GITHUB_CLIENT_ID',
    );
    expect(failure({ ...GOOD, OIDC_CLIENT_ID: 'x' })).toContain('OIDC_ISSUER is missing');
    expect(parseEnv({ ...GOOD, OIDC_ISSUER: 'https://id.example.com/', OIDC_CLIENT_ID: 'x' }).oidc).toEqual({
      issuer: 'https://id.example.com',
      clientId: 'x',
      clientSecret: undefined,
    });
  });

  it('knows the names of ranges that the API knows', () => {
    expect(parseEnv({ ...GOOD, TRUSTED_PROXIES: 'loopback, 10.1.0.0/16,192.0.2.7' }).trustedProxies).toEqual([
      '127.0.0.0/8',
      '::1/128',
      '10.1.0.0/16',
      '192.0.2.7',
    ]);
  });
});
