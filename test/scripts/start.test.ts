import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, isPortFree } from '../../scripts/ports.ts';
import { isAlive, parentOf, processIdentity, until } from '../../scripts/processes.ts';
import { ROOT } from '../../scripts/root.ts';

// The first start may build both applications.
jest.setTimeout(600_000);

interface Run {
  npm: ChildProcess;
  output: () => string;
}

let dataDir: string;
let ports: { web: number; api: number };
let run: Run | undefined;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'session-guard-start-'));
  ports = { web: await freePort(), api: await freePort() };
});
afterEach(async () => {
  run?.npm.kill('SIGTERM');
  if (run !== undefined)
    await until(async () => (await isPortFree(ports.web)) && (await isPortFree(ports.api)), 30_000);
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** `npm start`, as a person types it; only the variables named here reach it. */
function start(env: Record<string, string> = {}): Run {
  const { PATH, HOME, TMPDIR } = process.env;
  // As from a script in the background, where the shell has SIGINT ignored.
  const npm = spawn('sh', ['-c', 'trap "" INT; exec npm start'], {
    cwd: ROOT,
    env: {
      PATH,
      HOME,
      TMPDIR,
      DATA_DIR: dataDir,
      WEB_PORT: String(ports.web),
      API_PORT: String(ports.api),
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  run = { npm, output: () => text };
  return run;
}

async function ready({ npm, output }: Run): Promise<void> {
  await until(() => output().includes('Ready in') || npm.exitCode !== null, 580_000);
  if (!output().includes('Ready in')) throw new Error(output());
}

/** Every process that descends from `pid`, found while the tree is whole. */
function descendants(pid: number): number[] {
  const all = readdirSync('/proc')
    .map(Number)
    .filter((id) => Number.isInteger(id) && id > 0);
  const parents = new Map(all.map((id) => [id, parentOf(id)]));
  const below = (parent: number): number[] =>
    all.filter((id) => parents.get(id) === parent).flatMap((id) => [id, ...below(id)]);
  return below(pid);
}

async function expectNothingLeft(pids: number[], identities: (string | undefined)[]): Promise<void> {
  const left = (): number[] =>
    pids.filter(
      (pid, index) => isAlive(pid) && processIdentity(pid) !== undefined && processIdentity(pid) === identities[index],
    );
  await until(() => left().length === 0, 20_000);
  expect(left()).toEqual([]);
  expect(await isPortFree(ports.web)).toBe(true);
  expect(await isPortFree(ports.api)).toBe(true);
}

describe('npm start', () => {
  it.each([
    ['SIGTERM to npm alone', 'SIGTERM'],
    ['SIGINT to npm alone', 'SIGINT'],
    ['npm killed', 'SIGKILL'],
  ] as const)('shows where everything is, and leaves no process behind: %s', async (_what, signal) => {
    const started = start();
    await ready(started);
    const text = started.output();
    for (const url of [
      `http://localhost:${ports.web}`,
      `http://localhost:${ports.api}/api/docs`,
      `http://localhost:${ports.api}/api/openapi.json`,
    ]) {
      expect(text).toContain(url);
    }
    const password = /demo@example\.com {3}password: (\S+)/.exec(text)?.[1] ?? '';

    const signIn = await fetch(`http://localhost:${ports.web}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: `http://localhost:${ports.web}` },
      body: JSON.stringify({ email: 'demo@example.com', password }),
    });
    expect(signIn.status).toBe(200);
    const { token } = (await signIn.json()) as { token: string };
    const tasks = await fetch(`http://localhost:${ports.api}/api/tasks?limit=50`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(((await tasks.json()) as { data: unknown[] }).data).toHaveLength(12);

    const pids = descendants(started.npm.pid!);
    const identities = pids.map(processIdentity);
    expect(pids.length).toBeGreaterThan(3);
    started.npm.kill(signal);
    await expectNothingLeft(pids, identities);
  });

  it('keeps its secrets to itself', () => {
    for (const file of ['better-auth.secret', 'postgres.password', 'demo.json']) {
      expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
    }
  });

  it('names a busy port and the variable that moves it, before anything starts', async () => {
    const other = createServer().listen(ports.web, '127.0.0.1');
    await once(other, 'listening');
    const { npm, output } = start();
    const [code] = (await once(npm, 'close')) as [number];
    other.close();
    expect(code).toBe(1);
    expect(output()).toContain(
      `Port ${ports.web} is in use.\n  Fix: stop what listens there, or choose another one: WEB_PORT=`,
    );
    expect(output()).not.toContain('PostgreSQL');
  });

  it('lists every wrong variable with its fix, whichever application reads it, and no value', async () => {
    const { npm, output } = start({ API_PORT: 'four', CORS_ORIGINS: 'https://evil.example/path', SMTP_URL: 'hunter2' });
    await once(npm, 'close');
    expect(output()).toMatch(/^ {2}API_PORT must be a port/m);
    expect(output()).not.toContain('PostgreSQL');
    expect(output()).not.toMatch(/hunter2|evil\.example/);
    const second = start({ CORS_ORIGINS: 'https://evil.example/path', SMTP_URL: 'hunter2' });
    await once(second.npm, 'close');
    expect(second.output()).toMatch(/^ {2}CORS_ORIGINS must be/m);
    expect(second.output()).toMatch(/^ {2}SMTP_URL must /m);
    expect(second.output()).not.toMatch(/hunter2|evil\.example/);
  });

  it("with somebody's database, asks for the secret instead of making one", async () => {
    const { npm, output } = start({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    const [code] = (await once(npm, 'close')) as [number];
    expect(code).toBe(1);
    expect(output()).toMatch(/^ {2}BETTER_AUTH_SECRET is missing/m);
  });
});
