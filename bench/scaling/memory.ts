import { apiDatabaseUrl } from '../../backend/src/database/api-role.ts';
import type { Steps } from '../../scripts/steps.ts';
import { markdown } from '../report.ts';
import { ORIGIN, type World } from '../world.ts';
import { lineChart } from './chart.ts';
import type { Finding } from './finding.ts';
import { Verifier } from './verifier.ts';

const SECONDS = 2;

/**
 * Heap of a remembered session, and verdicts from memory, with more and more of them. The database must hold as many.
 */
export async function rememberedSessions(world: World, steps: Steps, sizes: readonly number[]): Promise<Finding> {
  const rows: { size: number; bytes: number; hits: number }[] = [];
  for (const size of sizes) {
    await steps.run(`Remember ${size.toLocaleString('en')} sessions`, async () => {
      const verifier = await Verifier.start({
        API_DATABASE_URL: apiDatabaseUrl(world.ownerUrl, world.secret),
        BETTER_AUTH_SECRET: world.secret,
        BETTER_AUTH_URL: ORIGIN,
      });
      try {
        const bytes = await verifier.remember(size);
        await verifier.hits(size, SECONDS);
        rows.push({ size, bytes, hits: await verifier.hits(size, SECONDS) });
      } finally {
        await verifier.stop();
      }
    });
  }
  return {
    title: 'Memory of a remembered session',
    file: 'remembered-sessions',
    svg: lineChart({
      title: 'Heap of a remembered session',
      x: 'remembered sessions',
      y: 'bytes each',
      logarithmic: true,
      series: [{ name: 'user, session, credential and indexes', points: rows.map(({ size, bytes }) => [size, bytes]) }],
    }),
    text: markdown(
      ['remembered', 'bytes each', 'verdicts from memory per second of processor time'],
      rows.map(({ size, bytes, hits }) => [
        size.toLocaleString('en'),
        Math.round(bytes).toLocaleString('en'),
        Math.round(hits).toLocaleString('en'),
      ]),
    ),
  };
}
