import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result, Shell } from './shell.ts';

/**
 * `npm install @session-guard/…` in an application that isn't the clone's. The registry's package is replaced by what
 * npm would publish of the clone; then it must be importable there.
 */
export async function install(text: string, shell: Shell, scratch: string): Promise<Result> {
  const name = text.replace('npm install ', '');
  const application = join(scratch, `with-${name.split('/')[1]}`);
  mkdirSync(application, { recursive: true });
  writeFileSync(
    join(application, 'package.json'),
    JSON.stringify({ name: 'application', private: true, type: 'module' }),
  );
  const steps = [
    // Of a fresh clone nothing may be built yet.
    'test -e backend/dist/.stamp || npm run build',
    `npm pack --workspace '${name}' --pack-destination '${application}' --json > '${application}/packed.json'`,
    `cd '${application}'`,
    `npm install --prefer-offline --no-audit --no-fund "./$(node -p 'Object.values(JSON.parse(require("fs").readFileSync("packed.json")))[0].filename')"`,
    `node --input-type=module -e "const all = await import('${name}'); if (Object.keys(all).length === 0) throw new Error('${name} exports nothing')"`,
  ];
  const result = await shell.run(`(${steps.join(' && ')})`);
  await shell.home();
  return result;
}
