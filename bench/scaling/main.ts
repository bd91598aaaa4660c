/**
 * How verification, memory and revocation scale. Writes bench/scaling.md and the charts in docs/charts.
 *
 *   npm run bench -- scaling                     about ten minutes, 4 GB of disk
 *   npm run bench -- scaling --largest=1000000   smaller
 *   npm run bench -- scaling --only=revocation   one of: sessions, memory, revocation, storm; writes its chart only
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runAsProgram } from '../../scripts/program.ts';
import { ROOT } from '../../scripts/root.ts';
import { printedSteps } from '../../scripts/steps.ts';
import { Supervisor } from '../../scripts/supervisor.ts';
import { load, machine } from '../machine.ts';
import { seed, USERS } from '../seed.ts';
import { createWorld } from '../world.ts';
import type { Finding } from './finding.ts';
import { rememberedSessions } from './memory.ts';
import { revocationLatency } from './revocation.ts';
import { sessionsInTheDatabase } from './sessions.ts';
import { signInStorm } from './storm.ts';

const SIZES = [10_000, 100_000, 1_000_000, 4_000_000];
const REMEMBERED = [1_000, 10_000, 100_000];
/** Each benchmark takes sessions of its own from the seeded ones: a revoked one can't be looked up. */
const REVOKED_FROM = 30_001;
const STORM_FROM = 60_001;

async function main(): Promise<void> {
  const largest = Number(option('largest') ?? SIZES.at(-1));
  const only = option('only');
  const wanted = (name: string): boolean => only === undefined || only === name;
  const supervisor = new Supervisor();
  const steps = printedSteps();
  console.log('\n  Scaling\n');
  const before = load();
  const world = await createWorld(supervisor, steps);
  const findings: Finding[] = [];
  try {
    // Before the base is filled: the databases of each size are copies of it.
    if (wanted('sessions'))
      findings.push(
        await sessionsInTheDatabase(
          world,
          steps,
          SIZES.filter((size) => size <= largest),
        ),
      );
    await steps.run(`Write ${USERS.toLocaleString('en')} sessions`, () => seed(world.ownerUrl));
    if (wanted('memory')) findings.push(await rememberedSessions(world, steps, REMEMBERED));
    if (wanted('storm')) findings.push(await signInStorm(world, steps, STORM_FROM));
    if (wanted('revocation')) findings.push(await revocationLatency(world, steps, REVOKED_FROM));
  } finally {
    await supervisor.stop();
    await world.stop();
  }
  mkdirSync(join(ROOT, 'docs/charts'), { recursive: true });
  for (const { file, svg } of findings) writeFileSync(join(ROOT, `docs/charts/${file}.svg`), svg);
  const text = [
    '# Results of `npm run bench -- scaling`',
    `- machine: ${machine()}\n- processes that wanted a processor: ${before.toFixed(1)} before, ` +
      `${load().toFixed(1)} after`,
    ...findings.flatMap(({ title, text: table }) => [`## ${title}`, table]),
    '',
  ].join('\n\n');
  console.log(`\n${text}`);
  if (only === undefined) writeFileSync(join(ROOT, 'bench/scaling.md'), text);
}

function option(name: string): string | undefined {
  return process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
}

runAsProgram(import.meta.url, main);
