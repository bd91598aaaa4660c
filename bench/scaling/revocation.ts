import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { apiDatabaseUrl } from '../../backend/src/database/api-role.ts';
import type { Steps } from '../../scripts/steps.ts';
import { markdown } from '../report.ts';
import { ORIGIN, type World } from '../world.ts';
import { lineChart } from './chart.ts';
import type { Finding } from './finding.ts';
import { Verifier } from './verifier.ts';

const PROCESSES = [1, 2, 4, 8];
const CALM = { perSecond: 20, count: 200 };
const BUSY = { perSecond: 1_000, count: 5_000 };

interface Row {
  readonly processes: number;
  readonly perSecond: number;
  readonly reached: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

/**
 * Milliseconds from sending the DELETE to the moment a process has forgotten the session, over all processes; at a
 * calm rate, and at a thousand revocations a second.
 */
export async function revocationLatency(world: World, steps: Steps, firstClient: number): Promise<Finding> {
  const rows: Row[] = [];
  let next = firstClient;
  for (const processes of PROCESSES) {
    const verifiers = await Promise.all(
      Array.from({ length: processes }, () =>
        Verifier.start({
          API_DATABASE_URL: apiDatabaseUrl(world.ownerUrl, world.secret),
          BETTER_AUTH_SECRET: world.secret,
          BETTER_AUTH_URL: ORIGIN,
        }),
      ),
    );
    try {
      for (const { perSecond, count } of [CALM, BUSY]) {
        rows.push(
          await steps.run(`Revoke ${perSecond} a second, ${processes} listening`, () =>
            revoke(world, verifiers, next, perSecond, count),
          ),
        );
        next += count;
      }
    } finally {
      await Promise.all(verifiers.map((verifier) => verifier.stop()));
    }
  }
  const series = [CALM, BUSY].flatMap(({ perSecond }) =>
    (['p50', 'p99'] as const).map((at) => ({
      name: `${at} at ${perSecond.toLocaleString('en')} a second`,
      points: rows
        .filter((row) => row.perSecond === perSecond)
        .map((row): [number, number] => [row.processes, row[at]]),
    })),
  );
  return {
    title: 'A revocation’s way to every process',
    file: 'revocation-latency',
    svg: lineChart({
      title: 'From the DELETE to the last memory that held the session',
      x: 'listening processes',
      y: 'milliseconds',
      logarithmic: true,
      series,
    }),
    text: markdown(
      ['listening processes', 'revocations a second', 'arrived', 'p50 ms', 'p99 ms', 'at most ms'],
      rows.map((row) => [
        String(row.processes),
        String(Math.round(row.perSecond)),
        `${(row.reached * 100).toFixed(1)} %`,
        row.p50.toFixed(1),
        row.p99.toFixed(1),
        row.most.toFixed(1),
      ]),
    ),
  };
}

async function revoke(
  world: World,
  verifiers: readonly Verifier[],
  first: number,
  perSecond: number,
  count: number,
): Promise<Row> {
  await Promise.all(verifiers.map((verifier) => verifier.listen()));
  const pool = new pg.Pool({ connectionString: world.ownerUrl, max: 8 });
  await Promise.all(Array.from({ length: 8 }, () => pool.query('select 1')));
  const sent = new Map<string, number>();
  const pending: Promise<unknown>[] = [];
  const start = performance.now();
  for (let index = 0; index < count; index += 1) {
    const wait = start + (index * 1_000) / perSecond - performance.now();
    if (wait > 1) await delay(wait);
    const id = `session-${first + index}`;
    sent.set(createHash('sha256').update(id).digest('binary'), performance.timeOrigin + performance.now());
    pending.push(pool.query('delete from session where id = $1', [id]));
  }
  await Promise.all(pending);
  await delay(1_000);
  await pool.end();
  const latencies: number[] = [];
  for (const verifier of verifiers) {
    for (const [key, at] of await verifier.received()) {
      const sentAt = sent.get(key);
      if (sentAt !== undefined) latencies.push(at - sentAt);
    }
  }
  latencies.sort((a, b) => a - b);
  const at = (part: number): number => latencies[Math.floor((latencies.length - 1) * part)] ?? Number.NaN;
  return {
    processes: verifiers.length,
    perSecond,
    reached: latencies.length / (count * verifiers.length),
    p50: at(0.5),
    p99: at(0.99),
    most: at(1),
  };
}
