import { resolveConfig } from './config.ts';
import type { VerifierOptions } from './options.ts';

const GOOD: VerifierOptions = { baseURL: 'https://app.example.com/base', secret: 'q7hK2pWz9sLx4vNc8bRt6yUe1mDf3gJa' };

describe('resolveConfig', () => {
  it('fills in the strict defaults', () => {
    expect(resolveConfig(GOOD)).toMatchObject({
      cookieName: '__Secure-better-auth.session_token',
      trustedOrigins: new Set(['https://app.example.com']),
      bearer: 'any',
      jwt: { algorithms: ['EdDSA'], issuer: 'https://app.example.com', audience: 'https://app.example.com' },
      secrets: [GOOD.secret],
      memory: { maxCredentials: 100_000, maxBytes: 102_400_000 },
    });
  });

  it('takes what is asked for in place of each default', () => {
    const jwt = { algorithms: ['ES256'], issuer: 'https://issuer.example', audience: 'an audience', gracePeriod: 5 };
    const trustedOrigins = ['https://admin.example.com', 'http://localhost:4000'];
    expect(
      resolveConfig({
        ...GOOD,
        jwt,
        bearer: 'signed',
        trustedOrigins,
        cookieName: 'sid',
      }),
    ).toEqual({
      secrets: [GOOD.secret],
      cookieName: '__Secure-sid',
      trustedOrigins: new Set(['https://app.example.com', ...trustedOrigins]),
      bearer: 'signed',
      jwt: { algorithms: ['ES256'], issuer: jwt.issuer, audience: jwt.audience, gracePeriodSeconds: 5 },
      memory: { maxCredentials: 100_000, maxBytes: 102_400_000 },
    });
  });

  it('keeps a signing key for thirty days beyond its end, and with jwt: false knows of no JWT', () => {
    expect(resolveConfig(GOOD).jwt?.gracePeriodSeconds).toBe(2_592_000);
    expect(resolveConfig({ ...GOOD, jwt: false }).jwt).toBeNull();
  });

  it('older secrets are none where there is only one', () => {
    expect(resolveConfig({ ...GOOD, acceptOlderSecrets: true }).secrets).toEqual([GOOD.secret]);
  });

  it('lists everything that is wrong at once, each kind once', () => {
    const wrong = {
      baseURL: '',
      secret: '',
      trustedOrigins: ['*', 'nowhere'],
      cache: { maxCredentials: 0, maxBytes: -1 },
    };
    const problems = (() => {
      try {
        return resolveConfig(wrong);
      } catch (error) {
        return (error as { problems: readonly string[] }).problems;
      }
    })();
    expect(problems).toEqual([
      expect.stringMatching(/^baseURL/),
      expect.stringMatching(/^secret/),
      expect.stringMatching(/^trustedOrigins/),
      expect.stringMatching(/^cache\.maxCredentials/),
      expect.stringMatching(/^cache\.maxBytes/),
    ]);
  });

  it.each([
    [false, null],
    [
      { maxCredentials: 1, maxBytes: 1 },
      { maxCredentials: 1, maxBytes: 1 },
    ],
    [{ maxCredentials: 10 }, { maxCredentials: 10, maxBytes: 10_240 }],
    [{ maxBytes: 5_000_000 }, { maxCredentials: 100_000, maxBytes: 5_000_000 }],
  ] as const)('cache %j → memory %j', (cache, memory) => {
    expect(resolveConfig({ ...GOOD, cache }).memory).toEqual(memory);
  });

  it('takes the first of several secrets, as Better Auth does for cookies', () => {
    const { secret: _, ...rest } = GOOD;
    const secrets = [
      { version: 2, value: 'n'.repeat(40) },
      { version: 1, value: 'o'.repeat(40) },
    ];
    expect(resolveConfig({ ...rest, secrets })).toMatchObject({ secrets: ['n'.repeat(40)] });
  });

  it('accepts older secrets where a rotation asks for it', () => {
    const { secret: _, ...rest } = GOOD;
    const secrets = [
      { version: 2, value: 'n'.repeat(40) },
      { version: 1, value: 'o'.repeat(40) },
    ];
    expect(resolveConfig({ ...rest, secrets, acceptOlderSecrets: true })).toMatchObject({
      secrets: ['n'.repeat(40), 'o'.repeat(40)],
    });
  });

  it.each([
    ['no secret', { secret: '' }, /secret .*is missing/],
    ['a short secret', { secret: 'hunter2hunter2' }, /shorter than 32 characters/],
    ["Better Auth's public default", { secret: 'better-auth-secret-12345678901234567890' }, /public default/],
    ['an empty list of secrets', { secrets: [] }, /secret .*is missing/],
    ['a secret of 31 characters', { secret: 'x'.repeat(31) }, /shorter than 32 characters/],
    ['a URL without an origin', { baseURL: 'localhost:3000' }, /baseURL must be/],
    ['an origin that is no URL', { trustedOrigins: ['app.example.com'] }, /exact origin/],
    [
      'a wrong origin behind a right one',
      { trustedOrigins: ['https://example.com', 'https://example.com/path'] },
      /exact origin/,
    ],
    ['no URL', { baseURL: 'app.example.com' }, /baseURL must be/],
    ['a wildcard origin', { trustedOrigins: ['https://*.example.com'] }, /exact origin/],
    ['an origin with a path', { trustedOrigins: ['https://example.com/'] }, /exact origin/],
    ['a negative memory', { cache: { maxCredentials: -1 } }, /maxCredentials/],
    ['a memory of nothing', { cache: { maxCredentials: 0 } }, /cache\.maxCredentials .*cache: false/],
    ['a memory of half a byte', { cache: { maxBytes: 0.5 } }, /cache\.maxBytes/],
  ])('refuses %s, names the fix and never the value', (_, wrong, message) => {
    expect(() => resolveConfig({ ...GOOD, ...wrong })).toThrow(message);
    expect(() => resolveConfig({ ...GOOD, ...wrong })).not.toThrow(/hunter2/);
  });
});
