import type { Supervisor } from './supervisor.ts';
import type { Steps } from './steps.ts';

/**
 * Brings the database up to date, in this order: Better Auth's tables by the web application's options, then the
 * API's role, policies and tables, which refer to them. A second run changes nothing.
 *
 * Each is the program a deployment runs too, as a process of its own.
 * @param env holds `DATABASE_URL` (owner) and the secret
 */
export async function migrate(supervisor: Supervisor, steps: Steps, env: NodeJS.ProcessEnv): Promise<void> {
  await steps.run("Migrate Better Auth's tables", () =>
    supervisor.runNode("The migration of Better Auth's tables", ['--import', 'tsx', 'frontend/scripts/migrate.ts'], { env }),
  );
  await steps.run("Migrate the API's tables", () =>
    supervisor.runNode("The migration of the API's tables", ['backend/dist/database/migrate.js'], { env }),
  );
}
