import { readFileSync } from 'node:fs';

type Source = Readonly<Record<string, string | undefined>>;

/**
 * Reads each `<KEY>_FILE` into `<KEY>`, as containers hand over secrets: an environment is seen by whoever may inspect
 * the container, a file by its owner. A value that is set directly wins.
 *
 * @param keys which may come from a file
 * @returns the completed environment, and the keys whose file can't be read
 */
export function readFiles(source: Source, keys: readonly string[]): { source: Source; unreadable: string[] } {
  const unreadable: string[] = [];
  const read: Record<string, string> = {};
  for (const key of keys) {
    const path = source[`${key}_FILE`]?.trim();
    if (!path || source[key]?.trim()) continue;
    try {
      read[key] = readFileSync(path, 'utf8').trim();
    } catch {
      unreadable.push(`${key}_FILE`);
    }
  }
  return { source: { ...source, ...read }, unreadable };
}
