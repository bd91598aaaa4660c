import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAsProgram } from '../scripts/program.ts';
import { ROOT } from '../scripts/root.ts';
import { enduranceCounts, jestCounts, playwrightCounts, type Counts } from './test-report.ts';

interface Runner {
  name: string;
  args: (report: string) => string[];
  env: (report: string) => NodeJS.ProcessEnv;
  read: (report: unknown) => Counts;
}

const JEST: Runner = {
  name: 'jest',
  args: (report) => ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${report}`],
  env: () => ({}),
  read: jestCounts,
};

const ENDURANCE: Runner = {
  name: 'endurance',
  args: () => ['--import', 'tsx', 'test/endurance/main.ts'],
  env: (report) => ({ ENDURANCE_REPORT: report }),
  read: enduranceCounts,
};

const BROWSER: Runner = {
  name: 'browser',
  args: () => ['--import', 'tsx', 'node_modules/@playwright/test/cli.js', 'test', '-c', 'e2e/playwright.config.ts'],
  env: (report) => ({ PLAYWRIGHT_JSON_OUTPUT_NAME: report }),
  read: playwrightCounts,
};

const OPERATIONS: Runner = {
  ...JEST,
  name: 'operations',
  args: (report) => [...JEST.args(report), '-c', 'test/operations/jest.config.mjs'],
};

const FAILED = '--failed=';

/**
 * `npm test`: unit and HTTP tests (jest), several processes behind a balancer (operations), faults under load
 * (endurance), then the browser's (Playwright). Every runner runs, also after a failure. The last line sums them up.
 * Arguments name runners: `npm test -- jest`. `--failed=<what>` adds a failure from outside.
 */
async function main(): Promise<void> {
  const before = process.argv
    .slice(2)
    .filter((argument) => argument.startsWith(FAILED))
    .map((argument) => argument.slice(FAILED.length));
  const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const runners = [JEST, OPERATIONS, ENDURANCE, BROWSER].filter(
    ({ name }) => wanted.length === 0 || wanted.includes(name),
  );
  const reports = mkdtempSync(join(tmpdir(), 'session-guard-reports-'));
  const total: Counts = { passed: 0, failed: 0 };
  try {
    // Some tests run the built applications; building inside of them would hide the time.
    if (!(await succeeds(['--import', 'tsx', 'scripts/build.ts']))) before.push('Build. Next: npm run build');
    for (const runner of runners) {
      const { passed, failed } = await run(runner, join(reports, `${runner.name}.json`));
      total.passed += passed;
      total.failed += failed;
    }
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
  total.failed += before.length;
  if (total.failed > 0 || total.passed === 0) process.exitCode = 1;
  for (const failure of before) console.log(`\n✗ ${failure}`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
}

async function succeeds(command: string[]): Promise<boolean> {
  const [code] = (await once(spawn(process.execPath, command, { cwd: ROOT, stdio: 'inherit' }), 'exit')) as [
    number | null,
  ];
  return code === 0;
}

/** A runner that fails without a failed test (a suite that doesn't load, a crash) counts as one failure. */
async function run(runner: Runner, report: string): Promise<Counts> {
  console.log(`\n── ${runner.name} ──\n`);
  const child = spawn(process.execPath, runner.args(report), {
    cwd: ROOT,
    env: { ...process.env, ...runner.env(report) },
    // jest writes its JSON to a file; what people read comes on standard error.
    stdio: ['inherit', 'inherit', 'inherit'],
  });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  const [code] = (await once(child, 'exit')) as [number | null];
  process.off('SIGINT', forward).off('SIGTERM', forward);
  const counts = readCounts(runner, report);
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function readCounts(runner: Runner, report: string): Counts {
  try {
    return runner.read(JSON.parse(readFileSync(report, 'utf8')));
  } catch {
    console.error(`${runner.name} left no report.`);
    return { passed: 0, failed: 1 };
  }
}

runAsProgram(import.meta.url, main);
