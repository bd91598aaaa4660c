import { cpuMs, type App } from './app.process.ts';
import type { Cell } from './contenders.ts';
import type { Credentials } from './credentials.ts';
import type { LoadTool } from './load/load.ts';

/** One cell in one round. */
export interface Sample {
  readonly perSecond: number;
  /** Microseconds of the contender's processor time for a request; NaN where the system can't say. */
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
}

export interface Plan {
  readonly cells: readonly Cell[];
  readonly apps: ReadonlyMap<string, App>;
  readonly credentials: Credentials;
  readonly tool: LoadTool;
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  readonly progress: (line: string) => void;
}

/**
 * Measures every cell once a round, one after the other, so that what else the machine does meanwhile meets all of
 * them alike; each round begins one cell later.
 *
 * @returns the samples of each cell, in the order of the rounds
 * @throws Error when a contender answers anything but 2xx: a refusal is cheap, and would look fast
 */
export async function measure(plan: Plan): Promise<ReadonlyMap<Cell, readonly Sample[]>> {
  const samples = new Map<Cell, Sample[]>(plan.cells.map((cell) => [cell, []]));
  for (const cell of plan.cells) await sample(plan, cell, Math.min(2, plan.seconds));
  for (let round = 0; round < plan.rounds; round += 1) {
    for (let index = 0; index < plan.cells.length; index += 1) {
      const cell = plan.cells[(index + round) % plan.cells.length];
      if (cell === undefined) continue;
      const taken = await sample(plan, cell, plan.seconds);
      samples.get(cell)?.push(taken);
      plan.progress(
        `round ${round + 1} of ${plan.rounds}: ${cell.name.padEnd(52)} ${Math.round(taken.perSecond)} /s, ` +
          `${Math.round(taken.cpu)} µs`,
      );
    }
  }
  return samples;
}

async function sample({ apps, credentials, tool, connections }: Plan, cell: Cell, seconds: number): Promise<Sample> {
  const app = apps.get(cell.app);
  const headers = credentials[cell.credential];
  if (app === undefined || headers === undefined)
    throw new Error(`There is no application '${cell.app}', or no credential '${cell.credential}'.`);
  const before = cpuMs(app.pid) ?? Number.NaN;
  const result = await tool.run({ port: app.port, path: cell.path, headers, connections, seconds });
  const used = (cpuMs(app.pid) ?? Number.NaN) - before;
  if (result.failures > 0)
    throw new Error(`${cell.name} (${cell.path}): ${result.failures} of ${result.requests} requests failed.`);
  return {
    perSecond: result.requests / result.seconds,
    cpu: (used * 1_000) / result.requests,
    p50: result.p50,
    p99: result.p99,
  };
}
