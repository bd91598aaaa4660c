/**
 * Writes what is generated from the API: `libs/api-client/openapi.json`, and the types of the client.
 *
 *   npm run openapi             writes them
 *   npm run openapi -- --check  fails when they are not what the sources say
 *
 * Needs no database: the application is assembled, not started.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { join } from 'node:path';
import openapiTypes, { astToString } from 'openapi-typescript';
import { ROOT } from './root.ts';

register('./decorator-metadata.mjs', import.meta.url);

const FOLDER = join(ROOT, 'libs/api-client');
const BANNER = '/** Generated from openapi.json by `npm run openapi`; edit neither. */\n';

const { describeApi } = await import('../backend/src/openapi/describe.ts');
const document = await describeApi();
const files = new Map([
  [join(FOLDER, 'openapi.json'), `${JSON.stringify(document, null, 2)}\n`],
  [join(FOLDER, 'src/schema.ts'), BANNER + astToString(await openapiTypes(JSON.stringify(document), { alphabetize: false, defaultNonNullable: false }))],
]);

if (process.argv.includes('--check')) {
  const stale = [...files].filter(([path, content]) => readOrEmpty(path) !== content).map(([path]) => path.slice(ROOT.length + 1));
  if (stale.length > 0) {
    console.error(`Not what the API's sources say: ${stale.join(', ')}. Run: npm run openapi`);
    process.exit(1);
  }
  console.log('The OpenAPI document and the client match the sources.');
} else {
  for (const [path, content] of files) writeFileSync(path, content);
  console.log([...files.keys()].map((path) => `wrote ${path.slice(ROOT.length + 1)}`).join('\n'));
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
