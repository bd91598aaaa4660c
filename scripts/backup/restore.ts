import {
  chownSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { extract } from 'tar';
import type { Identity } from '../postgres/identity.ts';
import { CLUSTER, MANIFEST, SECRETS, type Manifest } from './contents.ts';
import { offline } from './offline.ts';

export interface RestoreOptions {
  dataDir: string;
  /** Absolute. */
  file: string;
  /** Puts existing data aside instead of refusing. */
  force?: boolean;
}

/**
 * Puts a backup in the place of the embedded database and its secrets.
 *
 * @throws Error, with everything as it was, when the database runs, when there is one and `force` isn't given, or when
 *   the backup is damaged, of another PostgreSQL or of another kind of machine
 * @returns what was restored, and where the data of before is now
 */
export async function restore({
  dataDir,
  file,
  force = false,
}: RestoreOptions): Promise<Manifest & { before: string | undefined }> {
  if (!existsSync(file)) throw new Error(`There is no file ${file}.`);
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  return offline(dataDir, async ({ pgdata, exists, major, identity }) => {
    if (exists && !force) {
      throw new Error(
        `There is a database in ${dataDir} already.\nFix: choose an empty DATA_DIR, or put the present one aside: npm run restore -- ${file} --force`,
      );
    }
    // Beside the cluster, so that moving it there is one step of the file system's.
    const unpacked = mkdtempSync(`${pgdata}.restored-`);
    try {
      await extract({ cwd: unpacked, file, strict: true }).catch((error: unknown) => {
        throw new Error(`${file} is damaged, or no backup of Session Guard's.`, { cause: error });
      });
      const manifest = check(unpacked, file, major);
      closeToOthers(join(unpacked, CLUSTER), identity);
      const before = exists ? putAside(dataDir, pgdata) : undefined;
      for (const name of SECRETS.filter((secret) => existsSync(join(unpacked, secret)))) {
        copyFileSync(join(unpacked, name), join(dataDir, name));
        chmodSync(join(dataDir, name), 0o600);
      }
      renameSync(join(unpacked, CLUSTER), pgdata);
      return { ...manifest, before };
    } finally {
      rmSync(unpacked, { recursive: true, force: true });
    }
  });
}

function check(unpacked: string, file: string, major: string): Manifest {
  const manifest = existsSync(join(unpacked, MANIFEST))
    ? (JSON.parse(readFileSync(join(unpacked, MANIFEST), 'utf8')) as Manifest)
    : undefined;
  if (manifest?.format !== 'session-guard-backup/1' || !existsSync(join(unpacked, CLUSTER, 'PG_VERSION')))
    throw new Error(`${file} is no backup of Session Guard's.`);
  const version = readFileSync(join(unpacked, CLUSTER, 'PG_VERSION'), 'utf8').trim();
  if (version !== major) {
    throw new Error(
      `${file} is of PostgreSQL ${version}, and PostgreSQL ${major} is installed.\nFix: restore it with the release it was made with, and move the data by pg_dump (docs/operations/backup.md).`,
    );
  }
  const platform = `${process.platform}-${process.arch}`;
  if (manifest.platform !== platform) {
    throw new Error(
      `${file} was made on ${manifest.platform}, and PostgreSQL's files are not for ${platform}.\nFix: restore it on a machine of that kind, and move the data by pg_dump (docs/operations/backup.md).`,
    );
  }
  return manifest;
}

/** What is there now goes into a directory of its own: a restore that turns out wrong is undone by hand. */
function putAside(dataDir: string, pgdata: string): string {
  const before = mkdtempSync(`${pgdata}.before-`);
  renameSync(pgdata, join(before, CLUSTER));
  for (const name of SECRETS.filter((secret) => existsSync(join(dataDir, secret))))
    renameSync(join(dataDir, name), join(before, name));
  return before;
}

/** PostgreSQL starts only on a directory that is its user's alone. */
function closeToOthers(path: string, identity: Identity | undefined): void {
  const directory = statSync(path).isDirectory();
  if (identity !== undefined) chownSync(path, identity.uid, identity.gid);
  chmodSync(path, directory ? 0o700 : 0o600);
  if (directory) for (const name of readdirSync(path)) closeToOthers(join(path, name), identity);
}
