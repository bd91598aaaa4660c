import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The first Debian whose PgBouncer (1.24) knows prepared statements; the 1.18 of Debian 12 doesn't. */
const SUITE = 'trixie';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const MIRROR = 'http://deb.debian.org/debian';

/** The three programs, and every library they load down to libc: the machine's own may be older. */
const PACKAGES = [
  'haproxy',
  'pgbouncer',
  'redis-server',
  'redis-tools',
  'libc6',
  'libstdc++6',
  'libgcc-s1',
  'libcrypt1',
  'libatomic1',
  'libjemalloc2',
  'libssl3t64',
  'zlib1g',
  'libzstd1',
  'liblua5.4-0',
  'libopentracing-c-wrapper0t64',
  'libopentracing1',
  'libpcre2-8-0',
  'libcares2',
  'libevent-2.1-7t64',
  'libpam0g',
  'libaudit1',
  'libcap-ng0',
  'libsystemd0',
  'libcap2',
  'liblzf1',
];

const LOADERS: Record<string, { loader: string; libraries: string }> = {
  x64: { loader: 'usr/lib64/ld-linux-x86-64.so.2', libraries: 'usr/lib/x86_64-linux-gnu' },
  arm64: { loader: 'usr/lib/ld-linux-aarch64.so.1', libraries: 'usr/lib/aarch64-linux-gnu' },
};

/** Unpacked packages: start a program as `loader --library-path libraries root/usr/sbin/program`. */
export interface DebianRoot {
  root: string;
  loader: string;
  libraries: string;
}

/**
 * HAProxy, PgBouncer and Redis from Debian's packages, unpacked into a directory of their own: no root needed, nothing
 * of the machine is changed. About 14 MB and 15 s the first time, nothing later. apt checks the archive's signature.
 *
 * @throws Error saying in a line why they can't be had here
 */
export async function debianRoot(): Promise<DebianRoot> {
  const paths = process.platform === 'linux' ? LOADERS[process.arch] : undefined;
  if (paths === undefined) throw new Error(`Debian's packages don't run on ${process.platform}-${process.arch}`);
  if (!existsSync(KEYRING))
    throw new Error("this machine lacks the key of Debian's archive (package debian-archive-keyring)");
  // Not below a home directory: PgBouncer refuses to run as root, and `nobody` must get through.
  const home = `/var/tmp/session-guard-${SUITE}-${process.getuid?.() ?? 0}`;
  mkdirSync(home, { recursive: true, mode: 0o755 });
  if (statSync(home).uid !== process.getuid?.()) throw new Error(`${home} belongs to another user`);
  const root = join(home, 'root');
  if (!existsSync(root)) await unpack(home, root);
  return { root, loader: join(root, paths.loader), libraries: join(root, paths.libraries) };
}

async function unpack(home: string, root: string): Promise<void> {
  const work = join(home, `work-${process.pid}`);
  const partial = join(work, 'root');
  mkdirSync(join(work, 'lists/partial'), { recursive: true });
  mkdirSync(join(work, 'archives/partial'), { recursive: true });
  mkdirSync(partial, { recursive: true });
  const sources = join(work, 'sources.list');
  const configuration = join(work, 'apt.conf');
  writeFileSync(join(work, 'status'), '');
  writeFileSync(sources, `deb [signed-by=${KEYRING}] ${MIRROR} ${SUITE} main\n`);
  writeFileSync(
    configuration,
    `Dir::State "${work}"; Dir::State::lists "${work}/lists"; Dir::State::status "${work}/status"; Dir::Cache "${work}";
Dir::Cache::archives "${work}/archives"; Dir::Etc::sourcelist "${sources}"; Dir::Etc::sourceparts "/dev/null";
APT::Sandbox::User "root"; Acquire::Languages "none"; Acquire::Retries "2"; Acquire::http::Timeout "20";\n`,
  );
  const options = {
    cwd: join(work, 'archives'),
    env: { ...process.env, APT_CONFIG: configuration, LC_ALL: 'C' },
    timeout: 90_000,
  };
  try {
    await run('apt-get', ['-q', 'update'], options);
    await run('apt-get', ['-q', 'download', ...PACKAGES], options);
    for (const file of readdirSync(options.cwd).filter((name) => name.endsWith('.deb')))
      await run('dpkg', ['-x', file, partial], options);
    await run('chmod', ['-R', 'a+rX', partial]);
    renameSync(partial, root);
  } catch (error) {
    if (existsSync(root)) return;
    const { stderr = '', message } = error as Error & { stderr?: string };
    const line = stderr.split('\n').find((text) => text.startsWith('E:')) ?? message.split('\n')[0] ?? '';
    throw new Error(`Debian's packages could not be fetched (${line})`, { cause: error });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
