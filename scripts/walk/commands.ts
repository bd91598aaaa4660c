import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf } from '../markdown.ts';

/** One command of a document, as the walk meets it. */
export interface Command {
  readonly document: string;
  readonly line: number;
  /** Complete by itself: continued lines, quotes and here-documents are kept together. */
  readonly text: string;
  /** Why it isn't run; undefined when it is. */
  readonly skipped: string | undefined;
  /** Stays until it is stopped: waited for until both applications answer. */
  readonly stays: boolean;
}

/** Kinds of commands that a fresh clone can't run, and why. Whatever else can't be run says so in a comment before its block. */
const KINDS: ReadonlyArray<readonly [RegExp, string]> = [
  [/\bdocker\b/, 'needs a container engine'],
  [/\bkubectl\b/, 'needs a cluster'],
  [/\b(?:systemctl|useradd|sudo|apt-get)\b/, 'changes the machine itself'],
  [/\bpg_(?:dump|restore)\b/, "needs PostgreSQL's own tools"],
  [/^npm (?:un)?install (?!-)/m, 'changes an application of your own'],
  [/<[a-z][\w ]*>|…|\bPASSWORD@|\w\.example\.com\b/, 'has a placeholder'],
];

/** Documents that a test follows step by step, which a clone of the repository itself can't. */
const FOLLOWED: ReadonlyArray<readonly [RegExp, string]> = [
  [/^docs\/guides\/from-/, 'followed on an application of its own by test/migrations'],
  [/^docs\/operations\/backup\.md$/, 'followed by scripts/backup.test.ts'],
];

/** What runs for many minutes, and in CI anyway; the walk runs it with `--all`. */
const SLOW = /^npm (?:test|run (?:validate|bench|screenshots|trace-picture))\b/;
const STAYS = /(?:^| )npm (?:start|run dev)$/;
/** Programs that every machine has which can run the product. */
const KNOWN = /^(?:npm|npx|node|curl|git|sh|cd|export|mkdir|cp|rm|printf|umask)\b|^[A-Za-z_]+=/;

/** The documents, in the order a newcomer would follow them. */
export function walkedDocuments(root: string): string[] {
  const all = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  const order = [/^README\.md$/, /^docs\/api\.md$/, /^docs\/api\/routes\.md$/, /^CONTRIBUTING\.md$/, /^libs\/[^/]+\/README\.md$/, /^docs\/guides\//, /^docs\/deploy\//, /^docs\/operations\//];
  return order.flatMap((pattern) => all.filter((path) => pattern.test(path)).toSorted());
}

/** The commands of a document: its `sh` blocks, and the tables whose first column is a command. */
export function commandsOf(document: string, text: string, all = false): Command[] {
  const commands: Command[] = [];
  const followed = FOLLOWED.find(([pattern]) => pattern.test(document))?.[1];
  for (const { language, code, line, comment } of blocksOf(text)) {
    if (language !== 'sh') continue;
    // A block is followed whole or not at all, unless only time is short.
    const skipped = /^not run: (.+)$/.exec(comment ?? '')?.[1] ?? followed ?? KINDS.find(([pattern]) => pattern.test(code))?.[1];
    for (const { text: command, offset } of split(code)) commands.push(toCommand(document, line + offset, command, skipped, all));
  }
  for (const [index, row] of text.split('\n').entries()) {
    const command = /^\| `(npm [^`]+)` \|/.exec(row)?.[1];
    if (command !== undefined) commands.push(toCommand(document, index + 1, command, KINDS.find(([pattern]) => pattern.test(command))?.[1], all));
  }
  return commands;
}

function toCommand(document: string, line: number, text: string, skipped: string | undefined, all: boolean): Command {
  const why = skipped ?? (!all && SLOW.test(text) ? 'takes many minutes, and CI runs it: npm run walk -- --all' : text === 'npm run walk' ? 'is this program' : undefined);
  return { document, line, text, skipped: why, stays: STAYS.test(text) };
}

/** Whether a command that is run can be: its program is known, and so are the scripts and files it names. */
export function problemOf({ text, skipped, document, line }: Command, root: string): string | undefined {
  if (skipped !== undefined) return undefined;
  const where = `${document}:${line}`;
  const plain = text.replace(/^(?:[A-Z_]+=\S+ )+(?=\w)/, '');
  if (!KNOWN.test(plain)) return `${where} runs "${plain.split(/\s/)[0]}", which not every machine has: say <!-- not run: why --> before its block`;
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const script = /^npm (?:run )?([\w:-]+)/.exec(plain)?.[1];
  if (script !== undefined && !['ci', 'install'].includes(script) && !(script in scripts)) return `${where}: package.json has no script "${script}"`;
  return undefined;
}

/** Splits a block into commands that the shell takes as complete. */
function split(code: string): Array<{ text: string; offset: number }> {
  const commands: Array<{ text: string; offset: number }> = [];
  let lines: string[] = [];
  let offset = 0;
  for (const [index, line] of code.split('\n').entries()) {
    if (lines.length === 0) {
      if (line.trim() === '' || line.trim().startsWith('#')) continue;
      offset = index;
    }
    lines.push(line);
    const text = lines.join('\n');
    if (line.endsWith('\\') || !isComplete(text)) continue;
    commands.push({ text, offset });
    lines = [];
  }
  return lines.length === 0 ? commands : [...commands, { text: lines.join('\n'), offset }];
}

function isComplete(text: string): boolean {
  // The shell itself knows best, but starting it for each line takes long: most lines have nothing open.
  if (!/['"`(){}<\\]|\b(?:for|while|if|do|case)\b/.test(text)) return true;
  try {
    // A here-document without its end is only warned about.
    return execFileSync('sh', ['-n', '-c', `${text}\n`], { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' }) === '' && !unfinishedHereDocument(text);
  } catch {
    return false;
  }
}

function unfinishedHereDocument(text: string): boolean {
  const end = /<<-?\s*['"]?(\w+)/.exec(text)?.[1];
  return end !== undefined && !text.split('\n').slice(1).some((line) => line.trim() === end);
}
