/**
 * The built API as `npm start` runs it: under the supervisor that passes its log on. For the benchmark, which gives the
 * API's environment.
 */
import { outputPrinter } from '../scripts/output.ts';
import { runAsProgram } from '../scripts/program.ts';
import { API_HEAP } from '../scripts/stack.ts';
import { Supervisor } from '../scripts/supervisor.ts';

async function main(): Promise<void> {
  const supervisor = new Supervisor();
  const output = outputPrinter();
  output.open();
  process.once('SIGTERM', () => void supervisor.stop());
  const api = supervisor.spawnNode('The API', ['--enable-source-maps', API_HEAP, 'backend/bench/probe.mjs'], {
    env: process.env,
    onOutput: (lines) => output.print('api', lines),
  });
  await api.ended;
}

runAsProgram(import.meta.url, main);
