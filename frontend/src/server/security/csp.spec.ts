import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { contentSecurityPolicy, digest, SONNER_STYLE } from './csp.ts';

const require = createRequire(__filename);

describe('contentSecurityPolicy', () => {
  const base = { nonce: 'abc', apiUrl: 'https://api.example.com/v1', webUrl: 'https://app.example.com', production: true };

  it('allows scripts by nonce only, data from the API, and no frame', () => {
    const policy = contentSecurityPolicy(base);
    expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';");
    expect(policy).toContain("connect-src 'self' https://api.example.com;");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('upgrade-insecure-requests');
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
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
