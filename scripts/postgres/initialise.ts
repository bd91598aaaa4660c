import { execFile } from 'node:child_process';
import { chownSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Placement } from './placement.ts';

const run = promisify(execFile);

/**
 * Makes an empty cluster: UTF-8, sorted by code point, every connection by password.
 * It appears under its name only when it is complete, so that one cut short is made anew.
 */
export async function initialise(
  { binaries, pgdata, identity }: Placement,
  password: string,
  { sync }: { sync: boolean },
): Promise<void> {
  const partial = `${pgdata}.new`;
  const passwordFile = `${pgdata}.init-password`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (identity !== undefined) for (const path of [partial, passwordFile]) chownSync(path, identity.uid, identity.gid);
  // glibc has C.UTF-8 everywhere; elsewhere PostgreSQL's own locale of that name sorts alike.
  const locale =
    process.platform === 'linux'
      ? ['--locale=C.UTF-8']
      : ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  try {
    await run(
      binaries.initdb,
      [
        '--pgdata',
        partial,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        ...locale,
        ...(sync ? [] : ['--no-sync']),
      ],
      { cwd: partial, env: { PATH: process.env['PATH'] ?? '' }, ...identity },
    );
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(`PostgreSQL could not make its data directory ${pgdata}:\n${stderr.trim()}`, { cause: error });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(partial, pgdata);
}
