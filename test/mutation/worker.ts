import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { ordersOf, type Line } from './orders.ts';
import { Suite, type Failure } from './suite.ts';

/** What the changed code reads: which of the changes is active; and writes: which of them a test came by. */
interface Switch {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
}

/** How often a change may be passed in one run of the tests: more is a loop without end. */
const HIT_LIMIT = 200_000;

const orders = ordersOf(process.env);
const change: Switch = { mutantCoverage: { static: {}, perTest: {} } };
(globalThis as { __stryker__?: Switch }).__stryker__ = change;

/** Evaluates the specs, and with them the changed code, anew. */
function load(): Suite {
  jest.resetModules();
  const files = orders.specs.map((spec) => join(orders.tree, spec));
  return new Suite(
    files,
    (file) => void require(file),
    (id) => (change.currentTestId = id),
  );
}

function say(line: Line): void {
  appendFileSync(orders.results, `${JSON.stringify(line)}\n`);
}

/** Ids of the tests that come by a change; a change that a hook comes by is of all tests of its block. */
function coverage(suite: Suite): Map<string, Set<string>> {
  const tests = new Map<string, Set<string>>();
  for (const [id, passed] of Object.entries(change.mutantCoverage.perTest)) {
    for (const mutant of Object.keys(passed)) {
      const known = tests.get(mutant) ?? new Set();
      for (const test of suite.testsOf.get(id) ?? [id]) known.add(test);
      tests.set(mutant, known);
    }
  }
  return tests;
}

async function attempt(
  suite: Suite,
  mutant: string | undefined,
  tests?: ReadonlySet<string>,
): Promise<Failure | undefined> {
  Object.assign(change, { activeMutant: mutant, hitCount: 0, hitLimit: HIT_LIMIT });
  try {
    return await suite.run(tests);
  } finally {
    change.activeMutant = undefined;
  }
}

/** Loads everything with the change active, since it says what a constant is. A failure to load is noticed too. */
async function attemptLoading(mutant: string): Promise<Failure | undefined> {
  change.activeMutant = mutant;
  try {
    return await attempt(load(), mutant);
  } catch (error) {
    return { id: 'loading', message: String(error) };
  } finally {
    change.activeMutant = undefined;
  }
}

/** Node's own, of which a test gets a copy. */
const { process: real } = runInThisContext('({ process })') as { process: NodeJS.Process };

it(
  'changes',
  async () => {
    // A change may leave a rejection behind that belongs to no test. Jest's own listeners would end the run.
    for (const event of ['unhandledRejection', 'uncaughtException'])
      real.removeAllListeners(event).on(event, () => undefined);

    let suite = load();
    const atLoad = new Set(Object.keys(change.mutantCoverage.static));
    const broken = await attempt(suite, undefined);
    if (broken) throw new Error(`Without any change a test fails. ${broken.id}: ${broken.message}`);
    const covered = coverage(suite);
    for (const mutant of orders.mutants.toSorted((a, b) => Number(atLoad.has(a)) - Number(atLoad.has(b)))) {
      const tests = covered.get(mutant) ?? new Set<string>();
      if (tests.size === 0 && !atLoad.has(mutant)) {
        say({ mutant, outcome: 'no test' });
        continue;
      }
      say({ mutant, outcome: 'begun' });
      if (atLoad.has(mutant)) {
        say({ mutant, outcome: (await attemptLoading(mutant)) ? 'noticed' : 'missed' });
        continue;
      }
      let failure = await attempt(suite, mutant, tests);
      // What fails without the change too was left behind by another one: once more, with everything loaded anew.
      if (failure && (await attempt(suite, undefined, new Set(suite.testsOf.get(failure.id) ?? [failure.id])))) {
        suite = load();
        const left = await attempt(suite, undefined, tests);
        if (left)
          throw new Error(`A test fails without any change, after others were tried. ${left.id}: ${left.message}`);
        failure = await attempt(suite, mutant, tests);
      }
      say({ mutant, outcome: failure ? 'noticed' : 'missed' });
    }
  },
  2 ** 31 - 1,
);
