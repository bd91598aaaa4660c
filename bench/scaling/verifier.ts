import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { reap } from '../../scripts/reaper.ts';
import { ROOT } from '../../scripts/root.ts';

/** A verifier in a process of its own; see backend/bench/verifier.mjs. */
export class Verifier {
  private constructor(
    private readonly child: ChildProcess,
    private readonly forget: () => void,
  ) {}

  static async start(env: NodeJS.ProcessEnv): Promise<Verifier> {
    const child = spawn(process.execPath, ['--expose-gc', 'backend/bench/verifier.mjs'], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    if (child.pid === undefined) throw new Error('The verifier could not be started.');
    const forget = reap(child.pid, 'SIGTERM');
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error('The verifier ended while it started.'))),
    ]);
    return new Verifier(child, forget);
  }

  /** Sessions a second looked up in the database, drawn from `sessions`. */
  async lookups(sessions: number, seconds: number): Promise<number> {
    return (await this.#ask<{ perSecond: number }>('lookups', { sessions, seconds, strands: 16 })).perSecond;
  }

  /** Looks the first `sessions` up. @returns bytes of heap for each */
  async remember(sessions: number): Promise<number> {
    return (await this.#ask<{ bytesEach: number }>('remember', { sessions, strands: 32 })).bytesEach;
  }

  /** Verdicts from memory in a second of processor time. */
  async hits(sessions: number, seconds: number): Promise<number> {
    return (await this.#ask<{ perSecond: number }>('hits', { sessions, seconds })).perSecond;
  }

  async listen(): Promise<void> {
    await this.#ask('listen', {});
  }

  /** When each revocation arrived, by its digest, in milliseconds since 1970. */
  async received(): Promise<ReadonlyMap<string, number>> {
    return new Map((await this.#ask<{ received: [string, number][] }>('received', {})).received);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.disconnect();
      await once(this.child, 'exit');
    }
    this.forget();
  }

  async #ask<Result>(task: string, options: object): Promise<Result> {
    this.child.send({ task, ...options });
    const [message] = (await once(this.child, 'message')) as [{ result?: Result; error?: string }];
    if (message.result === undefined) throw new Error(`The verifier failed: ${message.error}`);
    return message.result;
  }
}
