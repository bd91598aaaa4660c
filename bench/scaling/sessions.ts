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

/** Lookups a second with more and more sessions in the database, one database each, in interleaved rounds. */
export async function sessionsInTheDatabase(world: World, steps: Steps, sizes: readonly number[]): Promise<Finding> {
  const verifiers: Verifier[] = [];
  const figures = new Map<number, number[]>(sizes.map((size) => [size, []]));
  try {
    for (const size of sizes) {
      const url = await steps.run(`Write ${size.toLocaleString('en')} sessions`, () => databaseOf(world, size));
      verifiers.push(await Verifier.start({ API_DATABASE_URL: apiDatabaseUrl(url, world.secret), BETTER_AUTH_SECRET: world.secret, BETTER_AUTH_URL: ORIGIN }));
    }
    await steps.run('Look sessions up', async () => {
      for (const [index, size] of sizes.entries()) await verifiers[index]?.lookups(size, SECONDS);
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const [index, size] of sizes.entries()) figures.get(size)?.push((await verifiers[index]?.lookups(size, SECONDS)) ?? Number.NaN);
      }
    });
  } finally {
    await Promise.all(verifiers.map((verifier) => verifier.stop()));
  }
  const [first = Number.NaN] = sizes;
  const rows = [...figures].map(([size, taken]) => {
    const ratio = median(taken.map((each, round) => each / (figures.get(first)?.[round] ?? Number.NaN)));
    return { size, perSecond: median(taken), ratio };
  });
  return {
    title: 'Verification by the number of sessions in the database',
    file: 'sessions-in-the-database',
    svg: lineChart({
      title: 'Lookups by the number of sessions in the database',
      x: 'sessions',
      y: `lookups, to ${first.toLocaleString('en')} sessions`,
      logarithmic: true,
      series: [{ name: 'session and user in one statement', points: rows.map(({ size, ratio }) => [size, ratio]) }],
    }),
    text: markdown(
      ['sessions', 'lookups/s', `to ${first.toLocaleString('en')}`],
      rows.map(({ size, perSecond, ratio }) => [size.toLocaleString('en'), Math.round(perSecond).toLocaleString('en'), ratio.toFixed(2)]),
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
