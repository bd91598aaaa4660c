import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import { RECOVERY_MS, type FaultWindow } from './response-checker.ts';
import type { LoadedApi, Outcome } from './loaded-api.ts';

/** Milliseconds of load before the fault: everything must be served. */
const BEFORE_MS = 1_500;
/** Milliseconds of load after the recovery time: everything must be served. */
const AFTER_MS = 1_000;
/** Connections of one API: its pool, and the listener. */
const CONNECTIONS = 11;

export interface Result {
  readonly name: string;
  readonly outcome: Outcome;
  readonly passed: boolean;
}

/** One fault under load: before it, during it, and after it until everything must be served again. */
export async function runScenario(loaded: LoadedApi, fault: Fault): Promise<Result> {
  const outcome = await loaded.underLoad(async (checker) => {
    await delay(BEFORE_MS);
    const { breaks = 'database' } = fault;
    if (breaks === 'nothing') {
      await fault.run(loaded);
    } else {
      const window: FaultWindow = { brokenAt: performance.now(), breaks };
      checker.window = window;
      window.backAt = await fault.run(loaded);
      await delay(Math.max(0, window.backAt + RECOVERY_MS - performance.now()));
    }
    await delay(AFTER_MS);
    checker.tally.wrong.push(...(await leftovers(loaded)));
  });
  return {
    name: fault.name,
    outcome,
    passed: outcome.wrong.length === 0 && outcome.lost === 0 && outcome.acknowledged > 0 && outcome.revoked > 0,
  };
}

/** What a fault must not leave behind: extra connections, open transactions, session tokens in the output. */
async function leftovers(loaded: LoadedApi): Promise<string[]> {
  const { rows } = await loaded.server.owner.query<{ connections: string; stuck: string }>(
    `select count(*) as connections, count(*) filter
      (where state like 'idle in transaction%' and state_change < now() - interval '2 s') as stuck
       from pg_stat_activity where application_name in ('session-guard-api', 'session-guard-listen')`,
  );
  const { connections = '0', stuck = '0' } = rows[0] ?? {};
  return [
    ...(Number(connections) > CONNECTIONS
      ? [`the API holds ${connections} connections instead of at most ${CONNECTIONS}`]
      : []),
    ...(Number(stuck) > 0 ? [`the API left ${stuck} transactions open`] : []),
    ...(loaded.leaks() > 0 ? [`the API printed session tokens in ${loaded.leaks()} lines`] : []),
  ];
}
