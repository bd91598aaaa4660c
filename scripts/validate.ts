import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { runAsProgram } from './program.ts';
import { ROOT } from './root.ts';
import { seconds } from './steps.ts';

interface Check {
  name: string;
  command: string[];
  /** What to do when it fails. */
  next: string;
  /** Prints for itself while it runs. */
  live?: boolean;
}

/** Stages follow one another; checks of one stage need nothing of each other, and run two at a time. */
const STAGES: Check[][] = [
  [
    {
      name: 'Format',
      command: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
      next: 'npm run format',
    },
    {
      name: 'Lint',
      command: ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'],
      next: 'npm run lint; npx oxlint --type-aware --fix mends what can be mended',
    },
    {
      name: 'Types of API, libraries and scripts',
      command: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--noEmit'],
      next: 'npm run types',
    },
    {
      name: 'Dependency rules',
      command: [
        'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
        'backend/src',
        'frontend/src',
        'libs',
        'scripts',
        '--config',
        '.dependency-cruiser.cjs',
      ],
      next: 'npm run deps; each rule in .dependency-cruiser.cjs says why it is there',
    },
  ],
  [{ name: 'Build', command: ['--import', 'tsx', 'scripts/build.ts'], next: 'npm run build' }],
  // After the build, which writes the types of the routes.
  [
    {
      name: 'Types of the web application',
      command: ['node_modules/typescript/bin/tsc', '-p', 'frontend/tsconfig.json', '--noEmit'],
      next: 'npm run types',
    },
    {
      name: 'OpenAPI document and client are up to date',
      command: ['--import', 'tsx', 'scripts/openapi.ts', '--check'],
      next: 'npm run openapi, then commit what changed',
    },
  ],
  [
    {
      name: 'Speed, as ratios of one run',
      command: ['--import', 'tsx', 'bench/short.ts'],
      next: 'npm run bench -- short, on a machine that does nothing else',
    },
  ],
  [
    {
      name: 'Tests',
      command: ['--import', 'tsx', 'test/main.ts'],
      next: 'npm test -- jest, npm test -- browser, or npx jest <file> for one',
      live: true,
    },
  ],
];

/**
 * `npm run validate`: everything a change must pass, cheapest first. Checks go on after one failed, so that one run
 * tells everything; the tests come last and their sum is the last line.
 */
async function main(): Promise<void> {
  const failures: Check[] = [];
  for (const stage of STAGES) {
    const waiting = [...stage];
    const next = async (): Promise<void> => {
      for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
        if (!(await passes(check, failures))) failures.push(check);
      }
    };
    await Promise.all([next(), next()]);
  }
  if (failures.length > 0) process.exitCode = 1;
}

/** Runs a check and prints what came of it, unless it prints for itself. */
async function passes(check: Check, failures: readonly Check[]): Promise<boolean> {
  const start = performance.now();
  const { ok, output } = await run(check.live === true ? withFailures(check, failures) : check);
  if (check.live !== true) {
    console.log(`${ok ? '✓' : '✗'} ${check.name.padEnd(44)} ${seconds(performance.now() - start).padStart(8)}`);
    if (!ok) console.log(`${output.trimEnd()}\n  Next: ${check.next}\n`);
  }
  return ok;
}

/** The tests print the last line; it must not say "0 failed" after a check that did. */
function withFailures(check: Check, failures: readonly Check[]): Check {
  return {
    ...check,
    command: [...check.command, ...failures.map(({ name, next }) => `--failed=${name}. Next: ${next}`)],
  };
}

async function run({ command, live = false }: Check): Promise<{ ok: boolean; output: string }> {
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    env: process.env,
    stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { ok: code === 0, output: output.join('') };
}

runAsProgram(import.meta.url, main);
