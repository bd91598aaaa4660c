import { execFile, execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commandLine, until } from '../processes.ts';
import { reap, removeAfterUs } from '../reaper.ts';
import type { Steps } from '../steps.ts';
import { Shell } from './shell.ts';

const run = promisify(execFile);

/** The first Debian that has the versions which docs/deploy/one-server.md names, and systemd, Caddy and PostgreSQL as services. */
const SUITE = 'forky';
const MIRROR = 'http://deb.debian.org/debian';
const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'sudo',
  'openssl',
  'ca-certificates',
  'git',
  'curl',
  'nodejs',
  'postgresql',
  'caddy',
];
/** What Debian calls it; suites younger than the machine's debootstrap are made like the one they come from. */
const RECIPE = '/usr/share/debootstrap/scripts/sid';
const BOOT_MS = 90_000;
const STOP_MS = 60_000;
/** Where Caddy keeps the authority it makes for `localhost`. */
const AUTHORITY = '/var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt';
const ENVIRONMENT = [
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'HOME=/root',
  'LANG=C.UTF-8',
  `CURL_CA_BUNDLE=${AUTHORITY}`,
];

/** Why this machine can't hold another one, or undefined. */
export function whyNoMachine(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'needs a throw-away machine, which only root on Linux can make';
  const missing = ['debootstrap', 'systemd-nspawn', 'nsenter'].filter(
    (program) => spawnSync('which', [program]).status !== 0,
  );
  return missing.length === 0 && existsSync(RECIPE)
    ? undefined
    : 'needs a throw-away machine: apt-get install debootstrap systemd-container';
}

/** A machine that is thrown away. */
export interface Machine {
  /** Root's. */
  shell(): Shell;
  /** Powers it off; nothing of it stays. */
  stop(): Promise<void>;
}

/**
 * A Debian of its own in a container: with systemd as its first process, PostgreSQL and Caddy from their packages, no
 * network but its loopback, and nothing of ours.
 *
 * @param clone its commit is what the machine's repository holds; npm has been there, so that its cache is filled
 */
export async function startMachine(clone: string, steps: Steps): Promise<Machine> {
  // Not below /tmp, where devices may not exist.
  const home = mkdtempSync('/var/tmp/session-guard-server-');
  removeAfterUs(home);
  const root = join(home, 'root');
  let container: Container | undefined;
  const stop = async (): Promise<void> => {
    await container?.stop();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await steps.run(`Debian (${SUITE}) with its packages`, () =>
      run('debootstrap', ['--variant=minbase', `--include=${PACKAGES.join(',')}`, SUITE, root, MIRROR, RECIPE], {
        maxBuffer: 1 << 26,
      }),
    );
    await steps.run("npm's cache and the repository", () => furnish(root, clone));
    container = contain(root);
    const leader = await steps.run('Boot', () => booted(container as Container));
    const shell = (): Shell => new Shell('/root', process.env, [...entering(leader), 'bash', '--noprofile', '--norc']);
    return { shell, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Container {
  readonly process: ChildProcess;
  readonly hasEnded: () => boolean;
  /** What it printed so far. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/**
 * systemd-nspawn, in a control group of its own: an older kernel's hierarchies, which today's systemd refuses, are out of
 * its sight, and whatever is left of it at the end is found there.
 */
function contain(root: string): Container {
  const group = `session-guard-server-${process.pid}`;
  const mount = 'mount --make-rprivate / && umount --recursive /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup';
  const nspawn = `systemd-nspawn --directory=${root} --boot --machine=server --register=no --keep-unit --private-network --console=pipe`;
  const inside = `mkdir /sys/fs/cgroup/${group} && echo $$ > /sys/fs/cgroup/${group}/cgroup.procs && exec ${nspawn}`;
  const child = spawn('unshare', ['--mount', 'sh', '-c', `${mount} && ${inside}`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-20_000)));
  const forget = reap(child.pid ?? 0, 'SIGTERM');
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const stop = async (): Promise<void> => {
    // systemd-nspawn takes SIGTERM as the order to power off.
    child.kill('SIGTERM');
    if (!(await until(hasEnded, STOP_MS))) child.kill('SIGKILL');
    await until(hasEnded, STOP_MS);
    forget();
    const { stderr } = spawnSync(
      'unshare',
      [
        '--mount',
        'sh',
        '-c',
        `${mount} && cd /sys/fs/cgroup/${group} && echo 1 > cgroup.kill && find . -mindepth 1 -depth -type d -exec rmdir {} + && cd .. && rmdir ${group}`,
      ],
      { encoding: 'utf8' },
    );
    if (stderr !== '') throw new Error(`Something of the server is left in the control group ${group}: ${stderr}`);
  };
  return { process: child, hasEnded, output: () => output, stop };
}

/** Waits until the machine has started all it starts. @returns its first process, as seen from here */
async function booted({ process: { pid = 0 }, hasEnded, output }: Container): Promise<number> {
  let leader = 0;
  const isRunning = async (): Promise<boolean> => {
    if (hasEnded()) throw new Error(`The server did not boot:\n${output()}`);
    leader = firstProcess(pid) ?? 0;
    if (leader === 0) return false;
    const [program, ...words] = entering(leader);
    return run(program, [...words, 'systemctl', 'is-system-running', '--wait']).then(
      ({ stdout }) => stdout.trim() === 'running',
      () => false,
    );
  };
  if (!(await until(isRunning, BOOT_MS, 250))) throw new Error(`The server did not boot:\n${output()}`);
  return leader;
}

function firstProcess(container: number): number | undefined {
  const children = existsSync(`/proc/${container}`)
    ? readFileSync(`/proc/${container}/task/${container}/children`, 'utf8').trim().split(' ')
    : [];
  return children.map(Number).find((pid) => pid > 0 && commandLine(pid)?.includes('systemd/systemd') === true);
}

/** Words that lead into the machine, as root and with the environment of a login. */
function entering(leader: number): [program: string, ...words: string[]] {
  return ['nsenter', '--target', String(leader), '--all', 'env', '-i', ...ENVIRONMENT];
}

/** What the machine has beside Debian: npm, as its packages on other systems bring it, and a repository to clone. */
async function furnish(root: string, clone: string): Promise<void> {
  const npm = join(execFileSync('npm', ['root', '--global'], { encoding: 'utf8' }).trim(), 'npm');
  mkdirSync(join(root, 'usr/lib/node_modules'), { recursive: true });
  await run('cp', ['-a', npm, join(root, 'usr/lib/node_modules/npm')]);
  for (const name of ['npm', 'npx'])
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(root, 'usr/bin', name));
  // It has no network: packages come from the cache that the clone's own installation has filled.
  const cache = execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim();
  mkdirSync(join(root, 'var/cache/npm'), { recursive: true });
  await run('cp', ['-a', join(cache, '_cacache'), join(root, 'var/cache/npm/_cacache')]);
  await run('chmod', ['-R', 'a+rwX', join(root, 'var/cache/npm')]);
  mkdirSync(join(root, 'usr/etc'), { recursive: true });
  writeFileSync(join(root, 'usr/etc/npmrc'), 'cache=/var/cache/npm\noffline=true\naudit=false\nfund=false\n');
  await run('git', ['clone', '--quiet', '--bare', clone, join(root, 'srv/session-guard.git')]);
  writeFileSync(join(root, 'etc/hostname'), 'server\n');
  writeFileSync(join(root, 'etc/hosts'), '127.0.0.1 localhost server\n');
  appendFileSync(join(root, 'etc/gitconfig'), '[safe]\n\tdirectory = /srv/session-guard.git\n');
}
