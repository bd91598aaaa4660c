/**
 * The built API as `npm start` runs it: under its supervisor, its log where our output goes. For the benchmark, which
 * gives the API's environment.
 */
import { runAsProgram } from '../scripts/program.ts';
import { spawnApi } from '../scripts/stack.ts';
import { Supervisor } from '../scripts/supervisor.ts';

async function main(): Promise<void> {
  const supervisor = new Supervisor();
  process.once('SIGTERM', () => void supervisor.stop());
  const api = spawnApi(supervisor, 'backend/bench/probe.mjs', process.env, (line) => console.log(line));
  await api.ended;
}

runAsProgram(import.meta.url, main);
