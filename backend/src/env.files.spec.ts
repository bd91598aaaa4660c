import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateOptions } from './operator/migrate.ts';
import { parseEnv } from './env.ts';

const directory = mkdtempSync(join(tmpdir(), 'session-guard-secrets-'));
afterAll(() => rmSync(directory, { recursive: true }));

const file = (name: string, content: string): string => {
  writeFileSync(join(directory, name), content);
  return join(directory, name);
};
const SECRET = 'from-a-file-0123456789-abcdefghijklm';

it('a secret may come from a file, without its line break', () => {
  const env = parseEnv({
    BETTER_AUTH_SECRET_FILE: file('secret', `${SECRET}\n`),
    API_DATABASE_URL_FILE: file('url', 'postgres://api:x@db/app\n'),
  });
  expect(env).toMatchObject({ secrets: [SECRET], databaseUrl: 'postgres://api:x@db/app' });
});

it('a value that is set directly wins; an empty one does not', () => {
  const BETTER_AUTH_SECRET_FILE = file('secret', SECRET);
  const given = 'set-directly-0123456789-abcdefghijk';
  expect(
    parseEnv({ DATABASE_URL: 'postgres://o@db/app', BETTER_AUTH_SECRET_FILE, BETTER_AUTH_SECRET: given }).secrets,
  ).toEqual([given]);
  expect(
    parseEnv({ DATABASE_URL: 'postgres://o@db/app', BETTER_AUTH_SECRET_FILE, BETTER_AUTH_SECRET: '' }).secrets,
  ).toEqual([SECRET]);
});

it('a file that is not there stops the start and names the key, not the path', () => {
  const start = () => parseEnv({ DATABASE_URL: 'postgres://o@db/app', BETTER_AUTH_SECRETS_FILE: '/nowhere/at-all' });
  expect(start).toThrow(/BETTER_AUTH_SECRETS_FILE: must name a file this process may read/);
  expect(start).not.toThrow(/nowhere/);
});

it('the migration reads its connection from a file too', () => {
  expect(
    migrateOptions({ DATABASE_URL_FILE: file('owner', 'postgres://o:x@db/app\n'), BETTER_AUTH_SECRET: SECRET }),
  ).toMatchObject({ databaseUrl: 'postgres://o:x@db/app' });
});
