import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keptSecret } from '../../scripts/secret.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'session-guard-secret-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('keptSecret', () => {
  it('is made once', () => {
    const secret = keptSecret(directory, 'one');
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(keptSecret(directory, 'one')).toBe(secret);
    expect(keptSecret(directory, 'two')).not.toBe(secret);
  });

  it('is readable by its owner only', () => {
    keptSecret(directory, 'one');
    expect(statSync(join(directory, 'one')).mode & 0o777).toBe(0o600);
  });

  it('refuses a damaged one instead of running without', () => {
    writeFileSync(join(directory, 'one'), '');
    expect(() => keptSecret(directory, 'one')).toThrow('is damaged.\nFix: ');
  });
});
