import { API, build } from '../../scripts/build.ts';
import { silentSteps } from '../../scripts/steps.ts';
import { Supervisor } from '../../scripts/supervisor.ts';
import startDatabase from '../global-setup.ts';

/** The checks run what a deployment runs: the built API, against a real PostgreSQL. */
export default async function setup(): Promise<void> {
  await build(new Supervisor(), silentSteps(), { parts: [API] });
  await startDatabase();
}
