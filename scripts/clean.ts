import { API, build } from './build.ts';
import { readSettings } from './env.ts';
import { startPostgres } from './postgres/embedded.ts';
import { runningPostgres } from './postgres/running.ts';
import { runAsProgram } from './program.ts';
import { silentSteps } from './steps.ts';
import { Supervisor } from './supervisor.ts';

/**
 * `npm run clean`: removes expired rows from the database of `DATABASE_URL`, or from the embedded one, whether it runs
 * or not. What a deployment runs is the program it calls: `node backend/dist/database/clean.js`.
 */
async function main(): Promise<void> {
  const { databaseUrl, dataDir } = readSettings(process.env, process.env['INIT_CWD'] ?? process.cwd());
  const supervisor = new Supervisor();
  await build(supervisor, silentSteps(), { parts: [API] });
  const running = databaseUrl ?? (await runningPostgres(dataDir));
  const started = running === undefined ? await startPostgres({ dataDir }) : undefined;
  try {
    await supervisor.runNode('Cleaning', ['backend/dist/database/clean.js'], {
      env: { ...process.env, DATABASE_URL: running ?? started?.url },
      onLine: (line) => console.log(line),
    });
  } finally {
    await supervisor.stop();
    await started?.stop();
  }
}

runAsProgram(import.meta.url, main);
