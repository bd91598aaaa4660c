import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { apiDatabaseUrl } from './api-role.ts';
import { apiDataSourceOptions } from './data-source.options.ts';

const URL = 'postgres://role:password@db.example.com:5432/app';

/** Whether a connection would be encrypted, and whether the server's certificate must be right. */
function tls(parameters: string): { encrypted: boolean; checked: boolean; authority?: unknown } {
  const { ssl } = new pg.Client({ connectionString: `${URL}${parameters}` }) as unknown as {
    ssl: boolean | { rejectUnauthorized?: boolean; ca?: unknown };
  };
  if (typeof ssl === 'boolean') return { encrypted: ssl, checked: ssl };
  return {
    encrypted: true,
    checked: ssl.rejectUnauthorized !== false,
    ...(ssl.ca !== undefined && { authority: ssl.ca }),
  };
}

describe('TLS to the database is what docs/deploy/managed-postgresql.md says:', () => {
  it.each([
    ['', false, false],
    ['?sslmode=disable', false, false],
    ['?sslmode=verify-full', true, true],
    ['?sslmode=verify-ca', true, true],
    ['?sslmode=require', true, true],
    ['?sslmode=prefer', true, true],
    ['?sslmode=no-verify', true, false],
    ['?uselibpqcompat=true&sslmode=require', true, false],
  ])('"%s" → encrypted: %s, certificate checked: %s', (parameters, encrypted, checked) => {
    expect(tls(parameters)).toEqual({ encrypted, checked });
  });

  it('sslrootcert names the one authority that counts', () => {
    const directory = mkdtempSync(join(tmpdir(), 'session-guard-ca-'));
    try {
      writeFileSync(join(directory, 'ca.pem'), 'a certificate');
      expect(tls(`?sslmode=verify-full&sslrootcert=${directory}/ca.pem`)).toEqual({
        encrypted: true,
        checked: true,
        authority: 'a certificate',
      });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('the API hands the whole connection string to pg, and its derived one keeps the parameters', () => {
    const derived = apiDatabaseUrl(`${URL}?sslmode=verify-full`, 'a secret of some forty characters in all');
    expect(derived).toMatch(
      /^postgres:\/\/session_guard_api:[\w-]{43}@db\.example\.com:5432\/app\?sslmode=verify-full$/,
    );
    const { driver } = new DataSource(apiDataSourceOptions(derived));
    expect(driver.options).toMatchObject({ url: derived });
    expect(driver.options).not.toHaveProperty('ssl');
  });
});
