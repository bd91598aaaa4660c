import { readFiles } from '../env.files.ts';
import { EnvError, type Environment } from '../env.ts';

/**
 * The connection string of the tables' owner, which the API itself never has.
 *
 * @param given the process's environment; `DATABASE_URL_FILE` may name a file that holds it
 * @throws {EnvError} where it is missing
 */
export function ownerUrl(given: Environment): string {
  const url = readFiles(given, ['DATABASE_URL']).source['DATABASE_URL']?.trim();
  if (!url) throw new EnvError([{ key: 'DATABASE_URL', fix: "must be the connection string of the tables' owner" }]);
  return url;
}
