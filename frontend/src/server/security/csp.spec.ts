import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { contentSecurityPolicy, digest, SONNER_STYLE } from './csp.ts';

const require = createRequire(__filename);

describe('contentSecurityPolicy', () => {
  const base = {
    nonce: 'abc',
    apiUrl: 'https://api.example.com/v1',
    webUrl: 'https://app.example.com',
    production: true,
  };

  it('allows scripts by nonce only, data from the API, and no frame', () => {
    const policy = contentSecurityPolicy(base);
    expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';");
    expect(policy).toContain("connect-src 'self' https://api.example.com;");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('upgrade-insecure-requests');
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  });

  it('is, as a whole, no more than pages need', () => {
    expect(contentSecurityPolicy({ ...base, webUrl: 'http://localhost:3000' }).split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self' 'nonce-abc' 'strict-dynamic'",
      `style-src 'self' 'nonce-abc' ${SONNER_STYLE}`,
      "style-src-attr 'unsafe-inline'",
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self' https://api.example.com",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ]);
  });

  it('lets development evaluate and reload, and nothing else besides', () => {
    const [policy, production] = [false, true].map((built) => contentSecurityPolicy({ ...base, production: built }));
    expect(policy?.replace(" 'unsafe-eval'", '').replace(' ws:', '')).toBe(production);
    expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic' 'unsafe-eval';");
    expect(policy).toContain("connect-src 'self' https://api.example.com ws:;");
  });

  it('does not force https on a machine without it', () => {
    expect(contentSecurityPolicy({ ...base, webUrl: 'http://localhost:3000' })).not.toContain('upgrade');
  });

  it('names the digest of the stylesheet that the installed sonner puts into the page', () => {
    const source = readFileSync(require.resolve('sonner'), 'utf8');
    const [, literal] = /__insertCSS\("((?:[^"\\]|\\.)*)"\)/.exec(source) ?? [];
    expect(literal).toBeDefined();
    expect(SONNER_STYLE.split(' ')).toEqual([digest(''), digest(JSON.parse(`"${literal}"`) as string)]);
  });
});
