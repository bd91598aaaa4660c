import type { Steps } from '../../scripts/steps.ts';
import { markdown } from '../report.ts';
import { tokenOf } from '../seed.ts';
import type { World } from '../world.ts';
import { lineChart } from './chart.ts';
import type { Finding } from './finding.ts';
import { floodOnce } from './flood.ts';

const STORMS = [100, 1_000, 5_000, 20_000];
const CONNECTIONS = 256;

/** Everybody signs in at once: as many first requests of sessions that nobody remembers, over 256 connections. */
export async function signInStorm(world: World, steps: Steps, firstClient: number): Promise<Finding> {
  const app = await world.startProduct('product');
  const rows: { size: number; seconds: number; p50: number; p99: number; failures: number }[] = [];
  let next = firstClient;
  try {
    for (const size of STORMS) {
      const headers = Array.from({ length: size }, (_, index) => `Authorization: Bearer ${tokenOf(next + index)}`);
      next += size;
      rows.push({
        size,
        ...(await steps.run(`${size.toLocaleString('en')} first requests at once`, () =>
          floodOnce(app.port, '/api/me', headers, CONNECTIONS),
        )),
      });
    }
  } finally {
    await app.stop();
  }
  return {
    title: 'A sign-in storm',
    file: 'sign-in-storm',
    svg: lineChart({
      title: 'First requests of new sessions, all at once',
      x: 'sessions',
      y: 'milliseconds',
      logarithmic: true,
      series: [
        { name: 'p50', points: rows.map(({ size, p50 }) => [size, p50]) },
        { name: 'p99', points: rows.map(({ size, p99 }) => [size, p99]) },
      ],
    }),
    text: markdown(
      ['new sessions at once', 'all served after', 'first requests/s', 'p50 ms', 'p99 ms', 'not served'],
      rows.map(({ size, seconds, p50, p99, failures }) => [
        size.toLocaleString('en'),
        `${seconds.toFixed(2)} s`,
        Math.round(size / seconds).toLocaleString('en'),
        p50.toFixed(0),
        p99.toFixed(0),
        String(failures),
      ]),
    ),
  };
}
