import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { CLUSTER, MANIFEST, SECRETS, type Manifest } from './contents.ts';
import { offline } from './offline.ts';

export interface BackupOptions {
  dataDir: string;
  /** Absolute; must not exist. */
  file: string;
}

/** Left by a server that was stopped, and of no use to another. */
const PASSING = /^postgres\/(postmaster\.(pid|opts)|pg_stat_tmp\/.+|pg_replslot\/.+|base\/pgsql_tmp\/.+)$/;

/**
 * Copies the stopped embedded database and its secrets into one compressed tar file, readable by its owner only.
 * It appears under its name only when it is complete.
 *
 * @throws Error when the database runs, when there is none, or when the file exists
 * @returns what was written, and its size in bytes
 */
export async function backUp({ dataDir, file }: BackupOptions): Promise<Manifest & { bytes: number }> {
  if (existsSync(file))
    throw new Error(`${file} exists already.\nFix: choose another name; a backup is never overwritten.`);
  if (!existsSync(dirname(file))) throw new Error(`The directory ${dirname(file)} does not exist.`);
  if (!existsSync(dataDir)) throw nothing(dataDir);
  return offline(dataDir, async ({ pgdata, exists }) => {
    if (!exists) throw nothing(dataDir);
    const manifest: Manifest = {
      format: 'session-guard-backup/1',
      postgresMajor: readFileSync(join(pgdata, 'PG_VERSION'), 'utf8').trim(),
      platform: `${process.platform}-${process.arch}`,
      createdAt: new Date().toISOString(),
      hasSecret: existsSync(join(dataDir, 'better-auth.secret')),
    };
    // A directory that shows what the archive is to hold: the cluster may lie elsewhere than in DATA_DIR.
    const view = mkdtempSync(join(dataDir, 'backup-'));
    const partial = `${file}.partial`;
    try {
      writeFileSync(join(view, MANIFEST), JSON.stringify(manifest, null, 2));
      for (const name of SECRETS)
        if (existsSync(join(dataDir, name))) copyFileSync(join(dataDir, name), join(view, name));
      symlinkSync(pgdata, join(view, CLUSTER));
      writeFileSync(partial, '', { mode: 0o600, flag: 'wx' });
      const names = [MANIFEST, ...SECRETS, CLUSTER].filter((name) => existsSync(join(view, name)));
      await create(
        {
          cwd: view,
          file: partial,
          gzip: { level: 1 },
          portable: true,
          follow: true,
          filter: (path) => !PASSING.test(path),
        },
        names,
      );
      sync(partial);
      renameSync(partial, file);
    } finally {
      rmSync(view, { recursive: true, force: true });
      rmSync(partial, { force: true });
    }
    return { ...manifest, bytes: statSync(file).size };
  });
}

/** A power cut right after must not cost the backup. */
function sync(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function nothing(dataDir: string): Error {
  return new Error(
    `There is no embedded database in ${dataDir}.\nFix: name its directory by DATA_DIR; a PostgreSQL of your own is backed up by pg_dump (docs/operations/backup.md).`,
  );
}
