/**
 * A newcomer's walk: clones the last commit into an empty folder and runs the commands of the README, CONTRIBUTING, the
 * libraries' READMEs and the guides there, in order, as they stand in the documents. Prints each with its time; ends with
 * an error when one fails. About ten minutes.
 *
 *   npm run walk             all but what takes many minutes and runs in CI anyway
 *   npm run walk -- --all    everything that a machine with only Node can run
 *   npm run walk -- --list   says what would be run, and what not and why
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, isPortFree } from './ports.ts';
import { runAsProgram } from './program.ts';
import { ROOT } from './root.ts';
import { seconds } from './steps.ts';
import { type Command, commandsOf, problemOf, walkedDocuments } from './walk/commands.ts';
import { Shell } from './walk/shell.ts';

const READY_MS = 300_000;
const STOP_MS = 30_000;

/** What runs while the next commands are typed in another terminal. */
class Stack {
  #child: ChildProcess | undefined;
  #output = '';

  constructor(
    private readonly directory: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly urls: readonly string[],
  ) {}

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null;
  }

  /** Waits until both applications answer. @throws Error with the last lines when they never do */
  async start(command: string): Promise<void> {
    await this.stop();
    this.#output = '';
    const child = spawn('bash', ['-c', `exec ${command}`], { cwd: this.directory, env: this.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (this.#output = (this.#output + chunk.toString()).slice(-20_000)));
    const end = performance.now() + READY_MS;
    while (!(await this.#answers())) {
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
    await Promise.race([closed, delay(STOP_MS, undefined, { signal: late.signal }).then(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), () => undefined)]);
    late.abort();
  }

  async #answers(): Promise<boolean> {
    const answers = await Promise.all(this.urls.map((url) => fetch(url, { signal: AbortSignal.timeout(5_000) }).then(({ ok }) => ok, () => false)));
    return answers.every(Boolean);
  }
}

async function main(): Promise<void> {
  const all = process.argv.includes('--all');
  if (process.argv.includes('--list')) {
    for (const { document, line, text, skipped } of commandsIn(ROOT, all)) console.log(`${skipped === undefined ? 'run ' : 'skip'} ${document}:${line}  ${short(text)}${skipped === undefined ? '' : `   (${skipped})`}`);
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'session-guard-walk-'));
  const clone = join(directory, 'session-guard');
  try {
    execFileSync('git', ['clone', '--quiet', '--no-hardlinks', ROOT, clone]);
    const failures = await walk(clone, commandsIn(clone, all));
    if (failures > 0) process.exitCode = 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @throws Error when one can neither be run nor says why */
function commandsIn(root: string, all: boolean): Command[] {
  const commands = walkedDocuments(root).flatMap((document) => commandsOf(document, readFileSync(join(root, document), 'utf8'), all));
  const problems = commands.flatMap((command) => problemOf(command, root) ?? []);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return commands;
}

async function walk(clone: string, commands: readonly Command[]): Promise<number> {
  const [web, api] = await Promise.all([3_000, 4_000].map(async (port) => ((await isPortFree(port)) ? port : freePort())));
  const ports = web === 3_000 && api === 4_000 ? {} : { WEB_PORT: String(web), API_PORT: String(api) };
  // What npm set for this program is no newcomer's.
  const env = { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:npm_|INIT_CWD$)/.test(name))), ...ports };
  const here = (text: string): string => text.replaceAll('localhost:3000', `localhost:${web}`).replaceAll('localhost:4000', `localhost:${api}`);
  const shell = new Shell(clone, env);
  const stack = new Stack(clone, env, [`http://127.0.0.1:${web}/api/auth/ok`, `http://127.0.0.1:${api}/api/health/ready`]);
  // What stays running is in a group of its own, which Ctrl-C doesn't reach.
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
    shell.kill();
    void stack.stop();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const begin = performance.now();
  console.log(`\n  A newcomer's walk through ${execFileSync('git', ['log', '-1', '--format=%h %s'], { cwd: clone, encoding: 'utf8' }).trim()}\n`);
  try {
    let document = '';
    for (const command of commands) {
      if (interrupted) throw new Error('The walk was interrupted.');
      if (command.document !== document) {
        ({ document } = command);
        await stack.stop();
        console.log(`  ${document}`);
        await shell.home();
      }
      if (command.skipped !== undefined) {
        counts.skipped += 1;
        console.log(`    –           ${short(command.text)}   not run: ${command.skipped}`);
        continue;
      }
      const start = performance.now();
      const failure = await attempt(here(command.text), command, shell, stack);
      console.log(`    ${failure === undefined ? '✓' : '✗'} ${seconds(performance.now() - start).padStart(8)}  ${short(command.text)}`);
      if (failure === undefined) counts.passed += 1;
      else {
        counts.failed += 1;
        console.log(`${command.document}:${command.line}\n${failure.split('\n').slice(-40).map((line) => `        ${line}`).join('\n')}`);
      }
    }
  } finally {
    await stack.stop();
    await shell.end();
  }
  console.log(`\n  ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} not run, in ${seconds(performance.now() - begin)}\n`);
  return counts.failed;
}

/** What went wrong, or undefined. */
async function attempt(text: string, { stays }: Command, shell: Shell, stack: Stack): Promise<string | undefined> {
  try {
    if (stays) {
      await stack.start(text);
      return undefined;
    }
    if (/\bcurl\b/.test(text) && !stack.isRunning) await stack.start('npm start');
    // An open stream has no end: that it stays open is what was asked for.
    const stream = /^curl -N\b/.test(text);
    const { code, output } = await shell.run(stream ? text.replace(/^curl/, 'timeout 3 curl') : text);
    if (code !== 0 && !(stream && code === 124)) return `${output}\nended with ${code}`;
    // curl is content with any answer; nobody should meet one of these.
    const wrong = /"status":5\d\d\b.*/.exec(output)?.[0] ?? /^<!DOCTYPE html>/i.exec(output)?.[0];
    if (/\bcurl\b/.test(text) && wrong !== undefined) return `answered ${wrong}`;
    const variable = /^([A-Z_]+)=\$\(/.exec(text)?.[1];
    if (variable !== undefined && (await shell.run(`test -n "$${variable}"`)).code !== 0) return `${variable} is empty after it`;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function short(text: string): string {
  const [first = '', ...rest] = text.split('\n');
  return `${first.slice(0, 110)}${first.length > 110 || rest.length > 0 ? ' …' : ''}`;
}

runAsProgram(import.meta.url, main);
