/**
 * `npm run test:endurance`: a real PostgreSQL and the real API under steady load, with one fault after another. See
 * docs/performance.md for what is promised and `faults.ts` for the faults.
 *
 *   npm run test:endurance                  every fault and a minute of the abuse, about five minutes
 *   npm run test:endurance -- frozen disk   the faults whose name has one of these words
 *   npm run test:endurance -- --rounds=20   every fault twenty times over
 *   npm run test:endurance -- abuse         what an attacker with ten accounts can do, in two minutes
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { apiDatabaseUrl } from '../../backend/src/database/api-role.ts';
import { startTcpProxy } from '../../libs/session-auth/test/processes/tcp-proxy.ts';
import { API, build } from '../../scripts/build.ts';
import { migrate } from '../../scripts/migrate.ts';
import { runAsProgram } from '../../scripts/program.ts';
import { printedSteps, seconds } from '../../scripts/steps.ts';
import { Supervisor } from '../../scripts/supervisor.ts';
import { runAbuse, type AbuseOptions } from './abuse/abuse.ts';
import type { ApiOptions } from './api.process.ts';
import { clockSkew, SKEW_S, skewedClock } from './clock.ts';
import { DatabaseServer } from './database.server.ts';
import { API_FAULTS, DATABASE_FAULTS, type Fault } from './faults.ts';
import { networkFaults } from './network.ts';
import { People } from './people.ts';
import { findings, table } from './report.ts';
import { runScenario, type Result } from './scenario.ts';
import { LoadedApi } from './loaded-api.ts';

const ORIGIN = 'http://localhost:3000';
/** When asked for by name, on two cores with no other work. */
const ABUSE_BY_ITSELF: AbuseOptions = { lastsMs: 120_000, p99LimitMs: 250 };
/** In a run of everything, on a machine that may have other work. */
const ABUSE_AMONG_OTHERS: AbuseOptions = { lastsMs: 60_000, p99LimitMs: 1_000 };
const ABUSE = 'abuse: ten accounts and twenty streams that nobody reads';

/** One API, and the faults that happen to it one after another. */
interface Phase {
  readonly faults: readonly Fault[];
  readonly api: Partial<ApiOptions>;
}

async function main(): Promise<void> {
  const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const rounds = Number(process.argv.find((word) => word.startsWith('--rounds='))?.slice('--rounds='.length) ?? 1);
  const supervisor = new Supervisor();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void supervisor.stop().then(() => process.exit(1)));
  const steps = printedSteps();
  const secret = randomBytes(32).toString('base64url');
  console.log('\n  Endurance\n');
  await build(supervisor, steps, { parts: [API] });
  const server = await steps.run('Start PostgreSQL', () => DatabaseServer.start());
  const started = performance.now();
  const results: Result[] = [];
  try {
    await migrate(supervisor, steps, {
      ...process.env,
      DATABASE_URL: server.url,
      BETTER_AUTH_SECRET: secret,
      BETTER_AUTH_URL: ORIGIN,
    });
    const people = await People.create(server.owner, { secret, origin: ORIGIN });
    for (let round = 1; round <= rounds; round += 1) {
      for await (const { faults, api } of phases(apiDatabaseUrl(server.url, secret))) {
        const wanted = faults.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
        if (wanted.length === 0) continue;
        const loaded = await LoadedApi.create(server, people, supervisor, {
          ownerUrl: server.url,
          secret,
          origin: ORIGIN,
          ...api,
        });
        for (const fault of wanted) results.push(await runFault(loaded, fault));
        await loaded.stop();
      }
    }
  } finally {
    await supervisor.stop();
    await server.close();
  }
  const isAsked = words.some((word) => ABUSE.includes(word));
  const abused =
    words.length === 0 || isAsked ? await runAbusePhase(isAsked ? ABUSE_BY_ITSELF : ABUSE_AMONG_OTHERS) : undefined;
  printSummary(results, abused, performance.now() - started);
}

/** @returns whether both applications held */
async function runAbusePhase(options: AbuseOptions): Promise<boolean> {
  const started = performance.now();
  const supervisor = new Supervisor();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void supervisor.stop().then(() => process.exit(1)));
  const { answers, p99Ms, residentBytes, findings: found } = await runAbuse(supervisor, printedSteps(), options);
  const held = found.length === 0;
  console.log(`  ${held ? '✓' : '✗'} ${ABUSE.padEnd(52)} ${seconds(performance.now() - started).padStart(7)}`);
  const memory = Object.entries(residentBytes)
    .map(([name, bytes]) => `${name} ${Math.round(bytes / 1_048_576)} MiB`)
    .join(', ');
  console.log(
    `    an honest user: ${answers} answers, 99 of 100 within ${Math.round(p99Ms)} ms; resident at most: ${memory}`,
  );
  for (const finding of found) console.log(`    ${finding}`);
  return held;
}

async function* phases(apiUrl: string): AsyncGenerator<Phase> {
  yield { faults: [...DATABASE_FAULTS, ...API_FAULTS], api: {} };
  const proxies = [await startTcpProxy(apiUrl), await startTcpProxy(apiUrl)] as const;
  try {
    yield { faults: networkFaults(...proxies), api: { databaseUrl: proxies[0].url, listenUrl: proxies[1].url } };
  } finally {
    await Promise.all(proxies.map((proxy) => proxy.close()));
  }
  for (const by of [SKEW_S, -SKEW_S]) {
    const skew = clockSkew(by);
    yield { faults: [skewedClock(skew, by)], api: { env: skew.env } };
  }
}

async function runFault(loaded: LoadedApi, fault: Fault): Promise<Result> {
  const started = performance.now();
  const result = await runScenario(loaded, fault);
  console.log(
    `  ${result.passed ? '✓' : '✗'} ${fault.name.padEnd(52)} ${seconds(performance.now() - started).padStart(7)}`,
  );
  if (!result.passed) console.log(findings(result));
  return result;
}

/** Prints a table and the sum as the last line, and writes the counts to the file in ENDURANCE_REPORT. */
function printSummary(results: readonly Result[], abused: boolean | undefined, ms: number): void {
  const outcomes = [...results.map((result) => result.passed), ...(abused === undefined ? [] : [abused])];
  const passed = outcomes.filter(Boolean).length;
  const counts = { passed, failed: outcomes.length - passed };
  const report = process.env['ENDURANCE_REPORT'];
  if (report) writeFileSync(report, JSON.stringify(counts));
  console.log(`\n${table(results)}\n\n${counts.passed} survived, ${counts.failed} not, in ${seconds(ms)}`);
  if (counts.failed > 0 || counts.passed === 0) process.exitCode = 1;
}

runAsProgram(import.meta.url, main);
