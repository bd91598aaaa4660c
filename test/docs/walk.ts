/**
 * A newcomer's walk: clones the last commit into an empty folder and runs what the documents mark with ```sh run, in
 * order, as it stands there. Stops at the first command that fails. About five minutes.
 *
 *   npm run walk                                  every document
 *   npm run walk -- docs/operations/cleaning.md   this one alone, after the README
 *
 * What needs a server or a cluster is followed by hand: docs/release-checklist.md.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../scripts/ports.ts';
import { runAsProgram } from '../../scripts/program.ts';
import { reap, removeAfterUs } from '../../scripts/reaper.ts';
import { ROOT } from '../../scripts/root.ts';
import { blocksOf } from './markdown.ts';

/** The order of a newcomer: what a library's README shows comes before a guide writes files. */
const ORDER = [/^README/, /^docs\/[^/]+$/, /^libs\//, /^docs\/guides\//, /^docs\/operations\//];

/** What stands for the addresses and folders of the documents. */
export interface Places {
  readonly web: number;
  readonly api: number;
  /** For a second pair beside the first. */
  readonly secondWeb: number;
  readonly secondApi: number;
  /** Goes when the walk ends. */
  readonly scratch: string;
}

/**
 * The marked blocks as a bash script whose lines have the numbers that they have in the document. What stays running is
 * started in the background, and a variable that a block sets must have a value after it.
 */
export function scriptOf(text: string, { web, api, secondWeb, secondApi, scratch }: Places): string {
  const lines = text.split('\n').map(() => '');
  for (const { language, info, code, line } of blocksOf(text)) {
    if (language !== 'sh' || info !== 'run') continue;
    const typed = code
      .replaceAll('localhost:3000', `localhost:${web}`)
      .replaceAll('localhost:4000', `localhost:${api}`)
      .replaceAll('WEB_PORT=3100', `WEB_PORT=${secondWeb}`)
      .replaceAll('API_PORT=4100', `API_PORT=${secondApi}`)
      .replaceAll('/tmp/', `${scratch}/`)
      .replaceAll(/^(?:[A-Z_]+=\S+ )*npm (?:start|run dev)$/gm, 'stays $&')
      .split('\n');
    const variables = typed
      .filter((one) => /^(?:[A-Z]+=\S+ ?)+$|^[A-Z]+=\$\(/.test(one))
      .flatMap((one) => [...one.matchAll(/\b([A-Z]+)=/g)].map(([, name]) => name));
    // Where the block's fence ends it.
    const checked = variables.length > 0 ? [`filled ${variables.join(' ')}`] : [];
    lines.splice(line - 1, typed.length + checked.length, ...typed, ...checked);
  }
  return lines.join('\n');
}

/** bash 3.2, which macOS has, understands all of it. */
export const PRELUDE = `
set -eE
trap 'echo "$document:$LINENO failed: $BASH_COMMAND"' ERR
trap leave EXIT
leave() {
  if [ -n "\${stack-}" ]; then kill $stack || true; wait $stack || true; fi
  stack=
}
stays() {
  leave
  local web=$WEB_PORT api=$API_PORT word
  for word in "$@"; do
    case $word in WEB_PORT=*) web=\${word#*=} ;; API_PORT=*) api=\${word#*=} ;; esac
  done
  env "$@" > "$SCRATCH/stack.log" 2>&1 &
  stack=$!
  for word in $(seq 600); do
    if curl -sfo /dev/null "http://127.0.0.1:$api/api/health/ready" \\
      && curl -sfo /dev/null "http://127.0.0.1:$web/api/auth/ok"; then return 0; fi
    kill -0 $stack 2> /dev/null || break
    sleep 0.5
  done
  cat "$SCRATCH/stack.log"
  return 1
}
filled() {
  local name
  for name in "$@"; do
    case \${!name-} in '' | undefined) echo "$name has no value"; return 1 ;; esac
  done
}
follow() { document=$1; echo "== $1"; cd "$CLONE"; . "$2"; }
`;

/** The documents with marked blocks, those that a newcomer reads first in front. */
export function walkedDocuments(root: string): string[] {
  const all = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  const marked = all.filter((path) => /^ *```sh run$/m.test(readFileSync(join(root, path), 'utf8')));
  return ORDER.flatMap((pattern) => marked.filter((path) => pattern.test(path)));
}

async function main(): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'session-guard-walk-'));
  removeAfterUs(scratch);
  // As root, PostgreSQL runs as somebody else, who must get through.
  chmodSync(scratch, 0o755);
  const clone = join(scratch, 'session-guard');
  try {
    execFileSync('git', ['clone', '--quiet', '--no-hardlinks', ROOT, clone]);
    const [web = 0, api = 0, secondWeb = 0, secondApi = 0] = await Promise.all([1, 2, 3, 4].map(() => freePort()));
    const chosen = process.argv.slice(2);
    const documents = walkedDocuments(clone).filter(
      (path) => chosen.length === 0 || path === 'README.md' || chosen.includes(path),
    );
    const steps = documents.map((path, index) => {
      const file = join(scratch, `${index}.sh`);
      const places = { web, api, secondWeb, secondApi, scratch };
      writeFileSync(file, scriptOf(readFileSync(join(clone, path), 'utf8'), places));
      // Pages on operating begin in a new terminal, with nothing running.
      return `${path.startsWith('docs/operations/') ? 'leave; ' : ''}follow '${path}' '${file}'`;
    });
    // What npm set for this program is no newcomer's.
    const inherited = Object.entries(process.env).filter(([name]) => !/^(?:npm_|INIT_CWD$)/.test(name));
    const ports = { WEB_PORT: String(web), API_PORT: String(api) };
    const shell = spawn('bash', ['--noprofile', '--norc', '-c', [PRELUDE, ...steps].join('\n')], {
      cwd: clone,
      env: { ...Object.fromEntries(inherited), ...ports, SCRATCH: scratch, CLONE: clone },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const forget = reap(shell.pid ?? 0, 'SIGTERM');
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void shell.kill(signal));
    let output = '';
    shell.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      process.stdout.write(chunk);
    });
    const [code] = (await once(shell, 'close')) as [number | null];
    forget();
    if (code !== 0) throw new Error('The walk ended at the command above.');
    // curl is content with any answer; nobody should meet one of these.
    const wrong = /"status":5\d\d\b.*|<!DOCTYPE html>.*/i.exec(output)?.[0];
    if (wrong !== undefined) throw new Error(`A request was answered ${wrong.slice(0, 200)}`);
    console.log(`\n  ${documents.length} documents can be followed as they stand.\n`);
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

runAsProgram(import.meta.url, main);
