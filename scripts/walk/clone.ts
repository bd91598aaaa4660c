import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, isPortFree } from '../ports.ts';
import { install } from './application.ts';
import type { Command } from './commands.ts';
import { type Service, startService } from './service.ts';
import { Shell } from './shell.ts';
import { Stack } from './stack.ts';
import { type Places, SERVICE, typed } from './typed.ts';

/** Where a document is followed: a fresh clone, the terminal in it, and what runs beside it. */
export class Clone {
  readonly #stack = new Stack();
  #shell: Shell;
  #service: Service | undefined;

  private constructor(
    private readonly directory: string,
    private readonly env: NodeJS.ProcessEnv,
    private places: Places,
  ) {
    this.#shell = new Shell(directory, env);
  }

  /** @param scratch a directory for what lies beside the clone */
  static async open(directory: string, scratch: string): Promise<Clone> {
    const [web = 0, api = 0, secondWeb = 0, secondApi = 0, metrics = 0] = await Promise.all(
      [3_000, 4_000, 3_100, 4_100, 9_464].map(async (port) => ((await isPortFree(port)) ? port : freePort())),
    );
    const ports = {
      ...(web !== 3_000 || api !== 4_000 ? { WEB_PORT: String(web), API_PORT: String(api) } : {}),
      ...(metrics === 9_464 ? {} : { METRICS_PORT: String(metrics) }),
    };
    // What npm set for this program is no newcomer's.
    const env = {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:npm_|INIT_CWD$)/.test(name))),
      ...ports,
    };
    return new Clone(directory, env, { web, api, secondWeb, secondApi, scratch });
  }

  /** To the next document: whatever runs is stopped. */
  async turnPage(newTerminal: boolean): Promise<void> {
    await this.#stack.stop();
    if (newTerminal) {
      await this.#shell.end();
      this.#shell = new Shell(this.directory, this.env);
    } else await this.#shell.home();
  }

  /** What went wrong, or undefined. */
  async follow({ text: written, way }: Command): Promise<string | undefined> {
    if (SERVICE.test(written)) await this.#startService();
    const text = typed(way.kind === 'client' ? way.text : written, this.places);
    if (way.kind === 'stays') {
      await this.#start(text);
      return undefined;
    }
    if (/\bcurl\b/.test(text) && !this.#stack.isRunning) await this.#start('npm start');
    // An open stream has no end: that it stays open is what was asked for.
    const stream = /^curl -N\b/.test(text);
    const { code, output } =
      way.kind === 'install'
        ? await install(text, this.#shell, this.places.scratch)
        : await this.#shell.run(stream ? text.replace(/^curl/, 'timeout 3 curl') : text);
    if (code !== 0 && !(stream && code === 124)) return `${output}\nended with ${code}`;
    // curl is content with any answer; nobody should meet one of these.
    const wrong = /"status":5\d\d\b.*/.exec(output)?.[0] ?? /^<!DOCTYPE html>/i.exec(output)?.[0];
    if (/\bcurl\b/.test(text) && wrong !== undefined) return `answered ${wrong}`;
    const variable = /^(?:export )?([A-Z_]+)="?(?:\$\(|')/.exec(text)?.[1];
    if (variable !== undefined && (await this.#shell.run(`test -n "$${variable}"`)).code !== 0)
      return `${variable} is empty after it`;
    return undefined;
  }

  /** Ends everything in the middle of a command. */
  kill(): void {
    this.#shell.kill();
    void this.#stack.stop();
  }

  async close(): Promise<void> {
    await this.#stack.stop();
    await this.#shell.end();
    await this.#service?.stop();
  }

  /** Started where the terminal stands, with what it exports. */
  async #start(text: string): Promise<void> {
    const port = (name: string, usual: number): string =>
      new RegExp(`\\b${name}=(\\d+)`).exec(text)?.[1] ?? String(usual);
    const web = `http://127.0.0.1:${port('WEB_PORT', this.places.web)}/api/auth/ok`;
    const api = `http://127.0.0.1:${port('API_PORT', this.places.api)}/api/health/ready`;
    await this.#stack.start(text, await this.#shell.state(), text.endsWith('main.js') ? [api] : [web, api]);
  }

  async #startService(): Promise<void> {
    if (this.#service !== undefined) return;
    const home = join(this.places.scratch, 'service');
    mkdirSync(home, { mode: 0o755 });
    this.#service = await startService(home, join(this.directory, 'docs/deploy/managed-postgresql.md'));
    this.places = { ...this.places, service: this.#service.place };
  }
}
