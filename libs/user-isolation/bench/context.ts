/**
 * What knowing the user costs a route that never asks: the same GET with no context and with this library's.
 *
 *   npx nest build isolation && node --import tsx libs/user-isolation/bench/context.ts
 *
 * Requests are injected, without sockets. Each form has a process of its own, because the first AsyncLocalStorage of a
 * process makes all its promises dearer, and they take turns. Processor time a request, medians.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const FORMS = ['no context', '@session-guard/isolation'] as const;
const REQUESTS = Number(process.env['REQUESTS'] ?? 20_000);
const ROUNDS = Number(process.env['ROUNDS'] ?? 7);
const CHILD = fileURLToPath(new URL('context.child.mjs', import.meta.url));

const costs = new Map<string, number[]>(FORMS.map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const name of FORMS) {
    const { stdout, stderr, status } = spawnSync(process.execPath, [CHILD, name, String(REQUESTS)], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    costs.get(name)?.push(Number(stdout));
  }
}

const median = (values: readonly number[] = []): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const bare = median(costs.get('no context'));
console.table(
  FORMS.map((name) => ({
    form: name,
    'µs/request': median(costs.get(name)).toFixed(1),
    ratio: (bare / median(costs.get(name))).toFixed(3),
  })),
);
