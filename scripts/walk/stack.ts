import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const READY_MS = 300_000;
const STOP_MS = 30_000;

/** What runs while the next commands are typed in another terminal. */
export class Stack {
  #child: ChildProcess | undefined;
  #output = '';

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null;
  }

  /**
   * Waits until each of `urls` answers.
   * @param place where it is typed, and with which environment
   * @throws Error with the last lines when they never do
   */
  async start(
    command: string,
    { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
    urls: readonly string[],
  ): Promise<void> {
    await this.stop();
    this.#output = '';
    const child = spawn('bash', ['-c', /^[A-Z_]+=/.test(command) ? `exec env ${command}` : `exec ${command}`], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.#output = (this.#output + chunk.toString()).slice(-20_000)));
    const end = performance.now() + READY_MS;
    while (!(await allAnswer(urls))) {
      if (child.exitCode !== null || performance.now() > end) throw new Error(this.#output);
      await delay(250);
    }
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid === undefined || child.exitCode !== null) return;
    const closed = once(child, 'close');
    // As Ctrl-C does: to the whole group.
    process.kill(-child.pid, 'SIGINT');
    const late = new AbortController();
    await Promise.race([
      closed,
      delay(STOP_MS, undefined, { signal: late.signal }).then(
        () => process.kill(-(child.pid ?? 0), 'SIGKILL'),
        () => undefined,
      ),
    ]);
    late.abort();
  }
}

async function allAnswer(urls: readonly string[]): Promise<boolean> {
  const answers = await Promise.all(
    urls.map((url) =>
      fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
        ({ ok }) => ok,
        () => false,
      ),
    ),
  );
  return answers.every(Boolean);
}
