/**
 * `npm run bench`: the product beside its alternatives, on one machine in one run. Writes bench/results.md.
 *
 *   npm run bench                              about ten minutes
 *   npm run bench -- --rounds=3 --seconds=2    quicker and less certain
 *   npm run bench -- --app=product,jose        some of the applications; writes nothing
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runAsProgram } from '../scripts/program.ts';
import { ROOT } from '../scripts/root.ts';
import { printedSteps } from '../scripts/steps.ts';
import { Supervisor } from '../scripts/supervisor.ts';
import { memoryOf, type App } from './app.process.ts';
import { LIST, ME, OPEN, PRODUCT_APPS, type Cell } from './contenders.ts';
import { issueCachedCookies, issueCredentials } from './credentials.ts';
import { byAutocannon } from './load/autocannon.ts';
import { wrk } from './load/wrk.ts';
import { load, machine, versions } from './machine.ts';
import { measure, type Plan, type Sample } from './measure.ts';
import { markdown, table, targetTable } from './report.ts';
import { CLIENTS, seed, USERS } from './seed.ts';
import { TARGETS } from './targets.ts';
import { createWorld, ORIGIN } from './world.ts';

const CONNECTIONS = 32;

async function main(): Promise<void> {
  const rounds = Number(option('rounds') ?? 5);
  const seconds = Number(option('seconds') ?? 4);
  const only = option('app')?.split(',');
  const wanted = (cells: readonly Cell[]): Cell[] =>
    cells.filter(({ app }) => only === undefined || only.includes(app));
  const steps = printedSteps();
  const supervisor = new Supervisor();
  const apps = new Map<string, App>();
  console.log('\n  Benchmark\n');
  const world = await createWorld(supervisor, steps);
  try {
    await steps.run(`Write ${USERS.toLocaleString('en')} users and sessions`, () => seed(world.ownerUrl));
    const issuer = { databaseUrl: world.ownerUrl, secret: world.secret, origin: ORIGIN };
    const { publicKey, credentials } = await steps.run(
      `Issue credentials for ${CLIENTS.toLocaleString('en')} clients`,
      async () => {
        const issued = await issueCredentials(issuer);
        return { ...issued, credentials: { ...issued.credentials, 'cached-cookie': await issueCachedCookies(issuer) } };
      },
    );
    const names = [...new Set([...wanted(ME), ...wanted(LIST)].map(({ app }) => app))];
    for (const name of names) {
      apps.set(
        name,
        await steps.run(`Start ${name}`, () =>
          name in PRODUCT_APPS ? world.startProduct(name) : world.startPeer(name, publicKey),
        ),
      );
    }
    const tool = wrk() ?? byAutocannon;
    const plan: Omit<Plan, 'cells'> = {
      apps,
      credentials,
      tool,
      rounds,
      seconds,
      connections: CONNECTIONS,
      progress: (line) => console.log(`    ${line}`),
    };
    const before = load();
    const me = await measure({ ...plan, cells: wanted(ME) });
    const list = await measure({ ...plan, cells: wanted(LIST) });
    const facts = [
      ['machine', machine()],
      [
        'load',
        `${tool.name}, ${CONNECTIONS} connections, ${CLIENTS.toLocaleString('en')} credentials in turn, ${rounds} ` +
          `interleaved rounds of ${seconds} s`,
      ],
      ['database', `PostgreSQL 18 on the same machine, ${USERS.toLocaleString('en')} users and sessions`],
      [
        'other work on the machine',
        `processes that wanted a processor: ${before.toFixed(1)} before, ${load().toFixed(1)} after (the benchmark ` +
          'itself wants about 2)',
      ],
      ['versions', versions()],
    ];
    const text = document(facts, me, list, product(apps), only === undefined);
    console.log(`\n${text}`);
    if (only === undefined) writeFileSync(join(ROOT, 'bench/results.md'), text);
  } finally {
    await Promise.all([...apps.values()].map((app) => app.stop()));
    await supervisor.stop();
    await world.stop();
  }
}

type Samples = ReadonlyMap<Cell, readonly Sample[]>;

function document(
  facts: readonly string[][],
  me: Samples,
  list: Samples,
  product: readonly string[][],
  complete: boolean,
): string {
  const [firstList] = list.keys();
  const [firstMe] = me.keys();
  const reference = complete ? OPEN : (firstMe?.name ?? '');
  return [
    '# Results of `npm run bench`',
    'Medians of interleaved rounds. A ratio is the median of the rounds’ own ratios; by CPU it compares the ' +
      'processor time a request took in the contender’s process, which other work on the machine disturbs least. ' +
      'What PostgreSQL spends counts in requests/s only.',
    facts.map(([key, value]) => `- ${key}: ${value}`).join('\n'),
    `## \`GET /me\`, to ${reference}`,
    table(me, reference),
    ...(firstList === undefined ? [] : ['## A list of twenty rows, to bare Nest', table(list, firstList.name)]),
    ...(complete ? ['## What is promised', targetTable(TARGETS, { me, list })] : []),
    '## The API process',
    markdown(['process', 'first answer after', 'resident at most'], product),
    '',
  ].join('\n\n');
}

function product(apps: ReadonlyMap<string, App>): string[][] {
  return [...apps.values()].map(({ name, readyMs, pid }) => [
    name,
    `${(readyMs / 1_000).toFixed(2)} s`,
    `${Math.round(memoryOf(pid)?.most ?? Number.NaN)} MiB`,
  ]);
}

function option(name: string): string | undefined {
  return process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
}

runAsProgram(import.meta.url, main);
