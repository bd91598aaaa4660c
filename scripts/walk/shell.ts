import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';

/** What a command did. */
export interface Result {
  readonly code: number;
  readonly output: string;
}

/** One shell that lives through many commands, as a newcomer's does: what a command sets, the next one has. */
export class Shell {
  readonly #child: ChildProcessWithoutNullStreams;
  #output = '';
  #wake: () => void = () => undefined;

  /** @param program the shell, and whatever leads to it */
  constructor(
    private readonly directory: string,
    env: NodeJS.ProcessEnv,
    [program = 'bash', ...words]: readonly string[] = ['bash', '--noprofile', '--norc'],
  ) {
    this.#child = spawn(program, words, { cwd: directory, env });
    this.#child.on('close', () => this.#wake());
    // A shell that was ended takes no more commands; run() says so.
    this.#child.stdin.on('error', () => undefined);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
        this.#wake();
      });
    }
  }

  /** Back to where every document begins. */
  async home(): Promise<void> {
    await this.run(`cd '${this.directory}'`);
  }

  /** Where it stands, and what it exports: what a program started in it is given. */
  async state(): Promise<{ cwd: string; env: NodeJS.ProcessEnv }> {
    const { output } = await this.run('node -p "JSON.stringify({ cwd: process.cwd(), env: process.env })"');
    return JSON.parse(output) as { cwd: string; env: NodeJS.ProcessEnv };
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
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`The shell ended with ${this.#child.exitCode}:\n${this.#output}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Ends it in the middle of a command, which then fails, as does every later one. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async end(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close');
  }
}
