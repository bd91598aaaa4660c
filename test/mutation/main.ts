import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runAsProgram } from '../../scripts/program.ts';
import { ROOT } from '../../scripts/root.ts';
import { seconds } from '../../scripts/steps.ts';
import { startTestPostgres } from '../global-setup.ts';
import { AREAS, type Area } from './areas.ts';
import { percent, scoresByFile, survivors, total, type Result, type Score } from './report.ts';
import { plantMutants } from './tree.ts';
import { tryAll } from './trial.ts';

/** Percent of the changes that must be noticed, over all files that were tried. */
const THRESHOLD = 85;
/** Between two words of how far it is, in changes. */
const STEP = 100;
const REPORTS = join(ROOT, '.data', 'mutation');
/** The copy in which the code is changed. */
const TREE = join(REPORTS, 'tree');

/**
 * `npm run test:mutation`: makes one-line changes in the code that decides, one at a time, and sees whether a test
 * fails. Arguments name areas or files; `--changed` takes the files that differ from the `main` branch.
 *
 * @throws when too few of the changes were noticed
 */
async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const changed = words.includes('--changed') ? changedFiles() : undefined;
  const wanted = words.filter((word) => !word.startsWith('--'));
  const plans = AREAS.map((area) => ({ area, files: filesOf(area, wanted, changed), specs: specsOf(area) })).filter(
    ({ files }) => files.length > 0,
  );
  if (plans.length === 0) {
    console.log(`Nothing to try. Areas: ${AREAS.map(({ name }) => name).join(', ')}; a file of theirs; or --changed.`);
    return;
  }
  mkdirSync(REPORTS, { recursive: true });
  const postgres = await startTestPostgres();
  process.env['TEST_POSTGRES_URL'] = postgres.url;
  const results: Result[] = [];
  try {
    for (const { area, files, specs } of plans) {
      const start = performance.now();
      console.log(`\n── ${area.name}: ${files.length} files ──`);
      const tried = await tryArea(files, specs);
      printScores(scoresByFile(tried));
      console.log(`   ${seconds(performance.now() - start)}`);
      results.push(...tried);
      writeFileSync(join(REPORTS, 'survivors.txt'), `${survivors(results).join('\n')}\n`);
    }
  } finally {
    await postgres.stop();
    rmSync(TREE, { recursive: true, force: true });
  }
  conclude(results);
}

async function tryArea(files: readonly string[], specs: readonly string[]): Promise<Result[]> {
  const mutants = await plantMutants(TREE, files);
  console.log(`   ${mutants.length} changes, ${specs.length} files of tests`);
  const outcomes = await tryAll(mutants, { tree: TREE, specs: [...specs] }, (done) => {
    if (done % STEP === 0) console.log(`   ${done} of ${mutants.length}`);
  });
  return mutants.map((mutant) => ({ ...mutant, outcome: outcomes.get(mutant.id) ?? 'no test' }));
}

function filesOf({ name, mutate }: Area, wanted: readonly string[], changed: readonly string[] | undefined): string[] {
  return mutate
    .flatMap(matching)
    .filter((file) => !file.endsWith('.spec.ts') && !file.endsWith('/index.ts'))
    .filter((file) => changed === undefined || changed.includes(file))
    .filter((file) => wanted.length === 0 || wanted.includes(name) || wanted.some((path) => file.startsWith(path)));
}

/** Without property tests, which try their law a thousand times over: a day for all changes. */
function specsOf({ tests }: Area): string[] {
  return tests.flatMap(matching).filter((file) => !file.endsWith('.property.spec.ts'));
}

/** @throws Error for a glob that names no file: what was moved away would go untried in silence */
function matching(glob: string): string[] {
  // Git knows no braces.
  const [, before = '', choices, after = ''] = /^(.*?)\{([^}]*)\}(.*)$/.exec(glob) ?? [];
  if (choices !== undefined) return choices.split(',').flatMap((choice) => matching(`${before}${choice}${after}`));
  const files = list(['ls-files', '-co', '--exclude-standard', '--', `:(glob)${glob}`]);
  if (files.length === 0) throw new Error(`No file is called ${glob}. Correct it in test/mutation/areas.ts.`);
  return files;
}

/** Against where this branch left `main`, what isn't committed included. */
function changedFiles(): string[] {
  const [base = 'HEAD'] = list(['merge-base', 'HEAD', 'main']);
  return list(['diff', '--name-only', base]);
}

function list(args: readonly string[]): string[] {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');
}

/** Each area's as it ends: a run that is stopped has said what it found. */
function printScores(scores: readonly Score[]): void {
  for (const score of scores) {
    console.log(
      `${percent(score).toFixed(1).padStart(6)} %  ${String(score.noticed).padStart(4)} of ` +
        `${String(score.all).padEnd(4)}  ${score.file}`,
    );
  }
}

/** @throws Error when too few of the changes were noticed */
function conclude(results: readonly Result[]): void {
  const all = total(scoresByFile(results));
  const missed = survivors(results);
  console.log();
  printScores([all]);
  console.log(
    `\nNot noticed: .data/mutation/survivors.txt (${missed.length}). test/mutation/survivors.md names those that ` +
      'nobody needs to.',
  );
  if (percent(all) < THRESHOLD) {
    throw new Error(
      `Tests noticed ${percent(all).toFixed(1)} % of the changes; ${THRESHOLD} % are asked. Add a test for those ` +
        'in survivors.txt.',
    );
  }
}

runAsProgram(import.meta.url, main);
