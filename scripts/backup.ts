import { resolve } from 'node:path';
import { backUp } from './backup/backup.ts';
import { restore } from './backup/restore.ts';
import { readSettings } from './env.ts';
import { runAsProgram } from './program.ts';

const USAGE = `Usage, with the application stopped:
  npm run backup -- <file>               writes the embedded database and its secrets into a new file
  npm run restore -- <file> [--force]    puts them back; --force puts existing data aside first`;

/** `npm run backup` and `npm run restore`. */
async function main(): Promise<void> {
  const [verb, name, ...flags] = process.argv.slice(2);
  if (name === undefined || name.startsWith('-') || flags.some((flag) => flag !== '--force' || verb !== 'restore'))
    throw new Error(USAGE);
  const cwd = process.env['INIT_CWD'] ?? process.cwd();
  const { dataDir, databaseUrl, hasSecret } = readSettings(process.env, cwd);
  if (databaseUrl !== undefined)
    throw new Error(
      'DATABASE_URL is set: that PostgreSQL is backed up by its own tools, see docs/operations/backup.md.',
    );
  const file = resolve(cwd, name);
  if (verb === 'restore') {
    const { createdAt, before } = await restore({ dataDir, file, force: flags.length > 0 });
    console.log(
      `\n  Restored into ${dataDir}, as of ${createdAt}.${before === undefined ? '' : `\n  What was there is in ${before}; remove it when you need it no more.`}\n  npm start continues with it.\n`,
    );
  } else {
    const { bytes, hasSecret: kept } = await backUp({ dataDir, file });
    console.log(
      `\n  ${file}, ${(bytes / 1e6).toFixed(1)} MB. It holds passwords and secrets: keep it where only you can read it.`,
    );
    if (hasSecret || !kept)
      console.log("  Better Auth's secret comes from the environment and is not in it: keep that one too.");
    console.log('');
  }
}

runAsProgram(import.meta.url, main);
