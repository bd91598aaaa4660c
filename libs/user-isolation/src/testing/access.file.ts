import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * Compares who may reach which route with the file that says who should. A change to the file is reviewed like a change
 * of permissions.
 *
 * @param update writes the file instead, e.g. `process.env.UPDATE_ACCESS === '1'`
 * @throws Error naming each line that was added or is gone
 */
export function expectAccess(file: string, access: string, update = false): void {
  if (update) {
    writeFileSync(file, access);
    return;
  }
  const expected = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (normalise(expected).join('\n') === normalise(access).join('\n')) return;
  const [before, now] = [new Set(normalise(expected)), new Set(normalise(access))];
  const changes = [
    ...[...now].filter((line) => !before.has(line)).map((line) => `+ ${line}`),
    ...[...before].filter((line) => !now.has(line)).map((line) => `- ${line}`),
  ];
  throw new Error(
    `Who may reach which route is not what ${file} says:\n${changes.join('\n')}\nIf that is meant, run the test ` +
      'again with UPDATE_ACCESS=1, and have the change reviewed.',
  );
}

/** Column widths are for people: a longer path elsewhere is no change of a line. */
function normalise(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter((line) => line !== '');
}
