import pg from 'pg';
import { apiDatabaseUrl } from '../../backend/src/database/api-role.ts';
import type { Steps } from '../../scripts/steps.ts';
import { markdown } from '../report.ts';
import { seed } from '../seed.ts';
import { median } from '../statistics.ts';
import { ORIGIN, type World } from '../world.ts';
import { lineChart } from './chart.ts';
import type { Finding } from './finding.ts';
import { Verifier } from './verifier.ts';

const ROUNDS = 5;
const SECONDS = 2;

/** Of these many people requests come; what they hold is remembered after the first. */
const IN_USE = 1_000;

/**
 * Verdicts a second with more and more sessions in the database, one database each, in interleaved rounds: of sessions
 * in use, and of ones drawn from all of them without a memory, which is the worst there is.
 */
export async function sessionsInTheDatabase(world: World, steps: Steps, sizes: readonly number[]): Promise<Finding> {
  const verifiers: Verifier[] = [];
  const warm: Verifier[] = [];
  const figures = new Map<number, number[]>(sizes.map((size) => [size, []]));
  const warmFigures = new Map<number, number[]>(sizes.map((size) => [size, []]));
  try {
    for (const size of sizes) {
      const url = await steps.run(`Write ${size.toLocaleString('en')} sessions`, () => databaseOf(world, size));
      const env = {
        API_DATABASE_URL: apiDatabaseUrl(url, world.secret),
        BETTER_AUTH_SECRET: world.secret,
        BETTER_AUTH_URL: ORIGIN,
      };
      verifiers.push(await Verifier.start({ ...env, CACHE: 'off' }));
      const remembering = await Verifier.start(env);
      await remembering.remember(IN_USE);
      warm.push(remembering);
    }
    await steps.run('Look sessions up', async () => {
      for (const [index, size] of sizes.entries()) await verifiers[index]?.lookups(size, SECONDS);
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const [index, size] of sizes.entries()) {
          warmFigures.get(size)?.push((await warm[index]?.hits(IN_USE, SECONDS)) ?? Number.NaN);
          figures.get(size)?.push((await verifiers[index]?.lookups(size, SECONDS)) ?? Number.NaN);
        }
      }
    });
  } finally {
    await Promise.all([...verifiers, ...warm].map((verifier) => verifier.stop()));
  }
  const [first = Number.NaN] = sizes;
  const ratio = (of: ReadonlyMap<number, number[]>, size: number): number =>
    median((of.get(size) ?? []).map((each, round) => each / (of.get(first)?.[round] ?? Number.NaN)));
  const rows = sizes.map((size) => ({
    size,
    inUse: ratio(warmFigures, size),
    perSecond: median(figures.get(size) ?? []),
    ratio: ratio(figures, size),
  }));
  return {
    title: 'Verification by the number of sessions in the database',
    file: 'sessions-in-the-database',
    svg: lineChart({
      title: 'Verification by the number of sessions in the database',
      x: 'sessions',
      y: `verdicts, to ${first.toLocaleString('en')} sessions`,
      logarithmic: true,
      series: [
        {
          name: `${IN_USE.toLocaleString('en')} sessions in use`,
          points: rows.map(({ size, inUse }) => [size, inUse]),
        },
        { name: 'drawn from all, no memory', points: rows.map((row) => [row.size, row.ratio]) },
      ],
    }),
    text: markdown(
      [
        'sessions',
        `${IN_USE.toLocaleString('en')} in use: verdicts, to ${first.toLocaleString('en')} sessions`,
        'drawn from all, no memory: lookups/s',
        `to ${first.toLocaleString('en')} sessions`,
      ],
      rows.map((row) => [
        row.size.toLocaleString('en'),
        row.inUse.toFixed(2),
        Math.round(row.perSecond).toLocaleString('en'),
        row.ratio.toFixed(2),
      ]),
    ),
  };
}

/** A copy of the migrated database, filled. */
async function databaseOf(world: World, size: number): Promise<string> {
  const name = `sessions_${size}`;
  const admin = new URL(world.ownerUrl);
  admin.pathname = '/postgres';
  const client = new pg.Client({ connectionString: admin.href });
  await client.connect();
  // Millions of rows are written faster with few checkpoints; what is measured only reads.
  await client.query(`alter system set max_wal_size = '8GB'`);
  await client.query('select pg_reload_conf()');
  await client.query(`create database ${name} template session_guard`);
  await client.end();
  const url = new URL(world.ownerUrl);
  url.pathname = `/${name}`;
  await seed(url.href, size);
  return url.href;
}
