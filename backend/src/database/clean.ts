import { clean, cleanOptions } from '../operator/clean.ts';
import { runCommand } from '../operator/run.command.ts';

// `node backend/dist/database/clean.js`: the address that deployments and crontabs know.
runCommand((given, log) => clean({ ...cleanOptions(given), log }));
