import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findPostgresBinaries } from '../postgres/binaries.ts';
import { claim, stopOrphan } from '../postgres/ownership.ts';
import { place, type Placement } from '../postgres/placement.ts';

/** The embedded server's files while nothing runs on them. */
export interface Offline extends Placement {
  /** Whether there is a cluster. */
  exists: boolean;
  /** Major version of the installed PostgreSQL. */
  major: string;
}

/**
 * Runs `work` while nobody else can start a server on `dataDir`.
 *
 * @throws Error when one runs
 */
export async function offline<T>(dataDir: string, work: (files: Offline) => T | Promise<T>): Promise<T> {
  const binaries = findPostgresBinaries();
  const placement = place(dataDir, binaries);
  const release = claim(dataDir);
  try {
    await stopOrphan(placement.pgdata);
    return await work({
      ...placement,
      exists: existsSync(join(placement.pgdata, 'PG_VERSION')),
      major: binaries.version.split('.')[0] ?? '',
    });
  } finally {
    release();
  }
}
