/**
 * A newcomer's walk: clones the last commit into an empty folder and runs the commands of the README, CONTRIBUTING, the
 * libraries' READMEs, the guides and the pages on deploying and operating there, in order, as they stand in the
 * documents. Prints each with its time; ends with an error when one fails. About five minutes; forty with --all.
 *
 *   npm run walk               all but what takes many minutes
 *   npm run walk -- --server   docs/deploy/one-server.md alone, on a machine that is made for it and thrown away
 *   npm run walk -- --all      everything that this machine can run
 *   npm run walk -- docs/operations/rotation.md     these documents alone, after npm ci and npm start
 *   npm run walk -- --list     says what would be run, and what not and why; with --all, what of everything
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAsProgram } from './program.ts';
import { ROOT } from './root.ts';
import { seconds } from './steps.ts';
import { type Command, commandsOf, type Means, problemOf, short, walkedDocuments } from './walk/commands.ts';
import { Clone } from './walk/clone.ts';
import { whyNoMachine } from './walk/machine.ts';
import { walkServer } from './walk/server.ts';

/** Pages for somebody who comes from nowhere in particular: each begins in a new terminal. */
const OWN_TERMINAL = /^docs\/(?:deploy|operations)\//;

async function main(): Promise<void> {
  const all = process.argv.includes('--all');
  const server = all || process.argv.includes('--server');
  const means: Means = {
    all,
    kubectl: spawnSync('kubectl', ['version', '--client']).status === 0,
    machine: server ? (whyNoMachine() ?? 'there') : 'later',
  };
  if (process.argv.includes('--list')) {
    for (const { document, line, text, way } of commandsIn(ROOT, means))
      console.log(`${way.kind.padEnd(8)} ${document}:${line}  ${short(text)}${reason(way)}`);
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'session-guard-walk-'));
  // As root, PostgreSQL runs as somebody else, who must get through.
  chmodSync(directory, 0o755);
  const clone = join(directory, 'session-guard');
  try {
    execFileSync('git', ['clone', '--quiet', '--no-hardlinks', ROOT, clone]);
    if (server && !all && means.machine !== 'there') throw new Error(`This ${means.machine}.`);
    const failures = await walk(clone, directory, chosen(commandsIn(clone, means), { all, server }));
    if (failures > 0) process.exitCode = 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** All commands, or those of the documents that are named, or those for the server. What a newcomer does first comes first. */
function chosen(
  commands: readonly Command[],
  { all, server }: { readonly all: boolean; readonly server: boolean },
): readonly Command[] {
  const documents = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  if (all || (!server && documents.length === 0)) return commands;
  const first = server ? ['npm ci'] : ['npm ci', 'npm start'];
  const begin = commands.slice(0, 2).filter(({ text }) => first.includes(text));
  return [
    ...begin,
    ...commands
      .slice(2)
      .filter(({ document, way }) => (server ? way.kind === 'machine' : documents.includes(document))),
  ];
}

/** @throws Error when one can neither be run nor says why */
function commandsIn(root: string, means: Means): Command[] {
  const commands = walkedDocuments(root).flatMap((document) =>
    commandsOf(document, readFileSync(join(root, document), 'utf8'), means),
  );
  const problems = commands.flatMap((command) => problemOf(command, root) ?? []);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return commands;
}

async function walk(directory: string, scratch: string, commands: readonly Command[]): Promise<number> {
  const counts = { passed: 0, failed: 0, followed: 0, later: 0, never: 0 };
  const begin = performance.now();
  console.log(
    `\n  A newcomer's walk through ${execFileSync('git', ['log', '-1', '--format=%h %s'], { cwd: directory, encoding: 'utf8' }).trim()}\n`,
  );
  const clone = await Clone.open(directory, scratch);
  let interrupted = false;
  const told = async (
    { document, line }: Pick<Command, 'document' | 'line'>,
    text: string,
    work: () => Promise<string | undefined>,
  ): Promise<void> => {
    if (interrupted) throw new Error('The walk was interrupted.');
    const start = performance.now();
    const failure = await work().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    counts[failure === undefined ? 'passed' : 'failed'] += 1;
    console.log(`    ${failure === undefined ? '✓' : '✗'} ${seconds(performance.now() - start).padStart(8)}  ${text}`);
    if (failure !== undefined)
      console.log(
        `${document}:${line}\n${failure
          .split('\n')
          .slice(-40)
          .map((text) => `        ${text}`)
          .join('\n')}`,
      );
  };
  // What stays running is in a group of its own, which Ctrl-C doesn't reach.
  const interrupt = (): void => {
    interrupted = true;
    clone.kill();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const here = commands.filter(({ way }) => way.kind !== 'machine');
    let document = '';
    const tests = new Set<string>();
    for (const [index, command] of here.entries()) {
      if (command.document !== document) {
        ({ document } = command);
        console.log(`  ${document}`);
        await clone.turnPage(OWN_TERMINAL.test(document));
      }
      const { way, text } = command;
      if (way.kind === 'later' || way.kind === 'never' || way.kind === 'followed') {
        counts[way.kind] += 1;
        // Once for all that follow each other for one reason.
        const before = here[index - 1];
        if (before?.document !== document || reason(before.way) !== reason(way)) {
          const end = here.findIndex(
            (other, at) => at > index && (other.document !== document || reason(other.way) !== reason(way)),
          );
          const others = (end === -1 ? here.length : end) - index - 1;
          console.log(`    –           ${short(text)}${others > 0 ? ` and ${others} more` : ''}${reason(way)}`);
        }
        if (way.kind === 'followed' && way.run && !tests.has(way.by))
          await told(command, `npx jest ${way.by}`, () =>
            clone.follow({ ...command, text: `npx jest ${way.by}`, way: { kind: 'shell' } }),
          );
        if (way.kind === 'followed') tests.add(way.by);
      } else
        await told(
          command,
          way.kind === 'client'
            ? `${short(text)}   without a cluster: ${/--dry-run=client|kubectl kustomize/.exec(way.text)?.[0]}`
            : short(text),
          () => clone.follow(command),
        );
    }
    await clone.turnPage(true);
    const onServer = commands.filter(({ way }) => way.kind === 'machine');
    if (onServer.length > 0) await walkServer(directory, onServer, told);
  } finally {
    await clone.close();
  }
  console.log(
    `\n  ${counts.passed} passed, ${counts.failed} failed; ${counts.followed} followed by a test, ${counts.later} for another time, ${counts.never} never run; in ${seconds(performance.now() - begin)}\n`,
  );
  return counts.failed;
}

function reason(way: Command['way']): string {
  if (way.kind === 'followed') return `   followed by ${way.by}`;
  return 'why' in way ? `   not run: ${way.why}` : '';
}

runAsProgram(import.meta.url, main);
