import { migrate, migrateOptions } from '../operator/migrate.ts';
import { runCommand } from '../operator/run.command.ts';

// `node backend/dist/database/migrate.js`: the address that deployments know.
runCommand((given, log) => migrate({ ...migrateOptions(given), log }));
