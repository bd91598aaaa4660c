import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf } from '../markdown.ts';
import { type Places, typed } from './typed.ts';

/** One command of a document, as the walk meets it. */
export interface Command {
  readonly document: string;
  readonly line: number;
  /** Complete by itself, as the document has it: continued lines, quotes and here-documents are kept together. */
  readonly text: string;
  /** The one it stands under, if any. */
  readonly heading: string | undefined;
  readonly way: Way;
}

/** How a command is followed. */
export type Way =
  /** Typed into the shell, in the clone. */
  | { readonly kind: 'shell' }
  /** Stays until it is stopped: waited for until what it starts answers. */
  | { readonly kind: 'stays' }
  /** Installs a library, packed from the clone, in an application that is none of the clone's. */
  | { readonly kind: 'install' }
  /** Needs a cluster: what kubectl does of it without one. */
  | { readonly kind: 'client'; readonly text: string }
  /** Typed as root on a machine of its own, which is thrown away. */
  | { readonly kind: 'machine' }
  /** A test takes it out of the document's text and follows it. The walk runs that with `--all`. */
  | { readonly kind: 'followed'; readonly by: string; readonly run: boolean }
  /** Not this time; with `--all`. */
  | { readonly kind: 'later'; readonly why: string }
  | { readonly kind: 'never'; readonly why: string };

/** What there is to follow commands with. */
export interface Means {
  /** Time: `--all`. */
  readonly all: boolean;
  readonly kubectl: boolean;
  /** A machine that is thrown away: `there`, left for `later`, or why there is none. */
  readonly machine: string;
}

const FEW: Means = { all: false, kubectl: false, machine: 'later' };

/** Kinds of commands that nothing here can run, and why. Whatever else can't be run says so in a comment before its block. */
const KINDS: ReadonlyArray<readonly [RegExp, string]> = [
  [/\bdocker (?:build|compose|push)\b/, 'needs a container engine'],
  [/\bkubectl\b/, 'needs a cluster'],
  [/<[a-z][\w ]*>|…|\w\.example\.com\b/, 'has a placeholder'],
];

/** Documents that a test follows, taking the commands from their text. */
const FOLLOWED: ReadonlyArray<readonly [RegExp, string]> = [[/^docs\/guides\/from-/, 'test/migrations']];

/** Followed on a machine of its own: what sets one up, and what needs PostgreSQL's own tools. */
const isForAMachine = (document: string, text: string): boolean =>
  document === 'docs/deploy/one-server.md' || /\bpg_(?:dump|restore) /.test(text);

/** What runs for many minutes, and in CI anyway; the walk runs it with `--all`. */
const SLOW = /^npm (?:test|run (?:validate|bench|screenshots|trace-picture))\b/;
const STAYS = /(?:^| )(?:npm (?:start|run dev)|node backend\/dist\/main\.js)$/;
const INSTALLS = /^npm install @session-guard\/[\w-]+$/;
/** Programs that every machine has which can run the product. */
const KNOWN = /^(?:npm|npx|node|curl|git|sh|cd|export|mkdir|cp|rm|printf|umask)\b|^[A-Za-z_]+=/;
/** Stands for what is known when the walk has begun. */
const SOMEWHERE: Places = { web: 3_000, api: 4_000, secondWeb: 3_100, secondApi: 4_100, scratch: '/tmp' };

/** The documents, in the order a newcomer would follow them. */
export function walkedDocuments(root: string): string[] {
  const all = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n');
  const order = [
    /^README\.md$/,
    /^docs\/api\.md$/,
    /^docs\/api\/routes\.md$/,
    /^CONTRIBUTING\.md$/,
    /^libs\/[^/]+\/README\.md$/,
    /^docs\/guides\//,
    /^docs\/deploy\//,
    /^docs\/operations\//,
  ];
  return order.flatMap((pattern) => all.filter((path) => pattern.test(path)).toSorted());
}

/** The commands of a document: its `sh` blocks, and the tables whose first column is a command. */
export function commandsOf(document: string, text: string, means: Means = FEW): Command[] {
  const commands: Command[] = [];
  const add = (line: number, command: string, heading?: string, declared?: string): void => {
    const plain = command.replace(/\s+#[^'"\n]*$/, '');
    commands.push({
      document,
      line,
      text: plain,
      heading,
      way: declared === undefined ? wayOf(document, plain, means) : { kind: 'never', why: declared },
    });
  };
  for (const { language, code, line, comment, heading } of blocksOf(text)) {
    if (language !== 'sh') continue;
    for (const { text: command, offset } of split(code))
      add(line + offset, command, heading, /^not run: (.+)$/.exec(comment ?? '')?.[1]);
  }
  for (const [index, row] of text.split('\n').entries()) {
    const command = /^\| `(npm [^`]+)` \|/.exec(row)?.[1];
    if (command !== undefined) add(index + 1, command);
  }
  return commands;
}

function wayOf(document: string, text: string, { all, kubectl, machine }: Means): Way {
  const by = FOLLOWED.find(([pattern]) => pattern.test(document))?.[1];
  if (by !== undefined) return { kind: 'followed', by, run: all };
  if (isForAMachine(document, text)) {
    if (machine === 'later') return { kind: 'later', why: 'takes a machine of its own: npm run walk -- --server' };
    return machine === 'there' ? { kind: 'machine' } : { kind: 'never', why: machine };
  }
  if (text === 'npm run walk') return { kind: 'never', why: 'is this program' };
  if (!all && SLOW.test(text))
    return { kind: 'later', why: 'takes many minutes, and CI runs it: npm run walk -- --all' };
  if (INSTALLS.test(text)) return { kind: 'install' };
  const client = clientForm(text);
  if (client !== undefined && kubectl) return { kind: 'client', text: client };
  const why = KINDS.find(([pattern]) => pattern.test(typed(text, SOMEWHERE)))?.[1];
  if (why !== undefined) return { kind: 'never', why: client === undefined ? why : 'needs kubectl' };
  return { kind: STAYS.test(text) ? 'stays' : 'shell' };
}

/** What kubectl can do of a command without a cluster: make the object, build the manifests. */
function clientForm(text: string): string | undefined {
  if (/^kubectl (?:-n \S+ )?create /.test(text)) return `${text} --dry-run=client -o yaml`;
  const folder = /^kubectl apply -k (\S+)/.exec(text)?.[1];
  return folder === undefined ? undefined : `kubectl kustomize ${folder}`;
}

/**
 * Whether a command can be followed: the files it names are there, and so are its npm script and its program. What is
 * never run is checked as far as that goes.
 */
export function problemOf({ text, way, document, line }: Command, root: string): string | undefined {
  const where = `${document}:${line}`;
  const plain = text.replace(/^(?:[A-Z_]+=\S+ )+(?=\w)/, '');
  if (
    (way.kind === 'shell' || way.kind === 'stays' || way.kind === 'later') &&
    !isForAMachine(document, text) &&
    !KNOWN.test(plain)
  ) {
    return `${where} runs "${plain.split(/\s/)[0]}", which not every machine has: say <!-- not run: why --> before its block`;
  }
  const missing = [...text.matchAll(/(?<![\w./-])(?:backend|deploy|docker|frontend|libs|scripts|test)\/[\w./-]+\w/g)]
    .map(([path]) => path)
    .find((path) => !/\bdist\//.test(path) && !existsSync(join(root, path)));
  if (missing !== undefined && way.kind !== 'followed') return `${where}: there is no ${missing}`;
  const targets = /^for target in ([\w ]+); do\n\s*docker build\b/.exec(text)?.[1]?.split(' ') ?? [];
  const dockerfile = readFileSync(join(root, 'docker/Dockerfile'), 'utf8');
  for (const target of targets)
    if (!new RegExp(`^FROM \\S+ AS ${target}$`, 'm').test(dockerfile))
      return `${where}: docker/Dockerfile has no target "${target}"`;
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const script = /\bnpm (?:run )?([\w:-]+)/.exec(plain)?.[1];
  if (script !== undefined && !['ci', 'install', 'uninstall'].includes(script) && !(script in scripts))
    return `${where}: package.json has no script "${script}"`;
  return undefined;
}

/** A command in a line of output. */
export function short(text: string): string {
  const [first = '', ...rest] = text.split('\n');
  return `${first.slice(0, 110)}${first.length > 110 || rest.length > 0 ? ' …' : ''}`;
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
    if (line.endsWith('\\') || !isComplete(typed(text, SOMEWHERE))) continue;
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
    return (
      execFileSync('sh', ['-n', '-c', `${text}\n`], { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' }) === '' &&
      !unfinishedHereDocument(text)
    );
  } catch {
    return false;
  }
}

function unfinishedHereDocument(text: string): boolean {
  const end = /<<-?\s*['"]?(\w+)/.exec(text)?.[1];
  return (
    end !== undefined &&
    !text
      .split('\n')
      .slice(1)
      .some((line) => line.trim() === end)
  );
}
