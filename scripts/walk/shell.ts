import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';

/** What a command did. */
export interface Result {
  readonly code: number;
  readonly output: string;
}

/** One shell that lives through all documents, as a newcomer's does: what a command sets, the next one has. */
export class Shell {
  readonly #child: ChildProcessWithoutNullStreams;
  #output = '';

  constructor(
    private readonly directory: string,
    env: NodeJS.ProcessEnv,
  ) {
    this.#child = spawn('bash', ['--noprofile', '--norc'], { cwd: directory, env });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
  }

  /** Back to where every block begins. */
  async home(): Promise<void> {
    await this.run(`cd '${this.directory}'`);
  }

  /** @throws Error when the shell itself ends */
  async run(command: string): Promise<Result> {
    const mark = `walk-${randomUUID()}`;
    this.#output = '';
    const done = new RegExp(`\\n?${mark} (\\d+)\\n`);
    this.#child.stdin.write(`{ ${command}\n} < /dev/null\nprintf '\\n%s %d\\n' ${mark} $?\n`);
    for (;;) {
      const end = done.exec(this.#output);
      if (end !== null) return { code: Number(end[1]), output: this.#output.slice(0, end.index).trim() };
      if (this.#child.exitCode !== null) throw new Error(`The shell ended with ${this.#child.exitCode}:\n${this.#output}`);
      await Promise.race([once(this.#child.stdout, 'data'), once(this.#child.stderr, 'data'), once(this.#child, 'close')]);
    }
  }

  async end(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await once(this.#child, 'close');
  }
}
