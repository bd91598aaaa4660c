import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { linesOf, type Line, type Orders } from './orders.ts';
import type { Mutant } from './tree.ts';

export type Outcome = 'noticed' | 'missed' | 'no test' | 'hanging';

/** Milliseconds without a word after which the change under way is one that never ends. */
const PATIENCE_MS = 60_000;
/** Between two looks at what was said. */
const LOOK_MS = 200;

/**
 * Tries every change against the specs. One that makes the tests go on for ever takes its process with it, and a new
 * one goes on with the rest.
 *
 * @throws Error when a test fails without any change
 */
export async function tryAll(
  mutants: readonly Mutant[],
  { tree, specs }: Pick<Orders, 'tree' | 'specs'>,
  progress: (done: number) => void,
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const results = join(tree, 'results.jsonl');
  while (outcomes.size < mutants.length) {
    rmSync(results, { force: true });
    const rest = mutants.filter(({ id }) => !outcomes.has(id)).map(({ id }) => id);
    const hanging = await work({ tree, specs, mutants: rest, results }, (line) => {
      if (line.outcome === 'begun') return;
      outcomes.set(line.mutant, line.outcome);
      progress(outcomes.size);
    });
    if (hanging !== undefined) outcomes.set(hanging, 'hanging');
  }
  return outcomes;
}

/** @returns the change that had to be ended */
async function work(orders: Orders, say: (line: Line) => void): Promise<string | undefined> {
  const args = [
    '--max-old-space-size=3000',
    'node_modules/jest/bin/jest.js',
    '-c',
    'test/mutation/jest.config.mjs',
    '--runInBand',
    '--forceExit',
  ];
  const env = { ...process.env, MUTATION_ORDERS: JSON.stringify(orders) };
  const child = spawn(process.execPath, args, { cwd: orders.tree, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4_000)));
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  let heard = 0;
  let current: string | undefined;
  let heardAt = performance.now();
  for (let ended: { code: number | null } | undefined; ;) {
    const lines = existsSync(orders.results) ? linesOf(readFileSync(orders.results, 'utf8')).slice(heard) : [];
    for (const line of lines) {
      say(line);
      current = line.outcome === 'begun' ? line.mutant : undefined;
    }
    heard += lines.length;
    if (lines.length > 0) heardAt = performance.now();
    if (ended !== undefined) {
      if (ended.code === 0) return undefined;
      // What took its process with it was noticed as well.
      if (current !== undefined) return current;
      throw new Error(`The tests can’t be run over the changed code.\n${output}`);
    }
    if (current !== undefined && performance.now() - heardAt > PATIENCE_MS) child.kill('SIGKILL');
    ended = await Promise.race([closed.then((code) => ({ code })), delay(LOOK_MS, undefined)]);
  }
}
