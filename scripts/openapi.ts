/**
 * Writes `libs/api-client/openapi.json` and the types of the client from the API, then lints the document.
 *
 *   npm run openapi             writes them
 *   npm run openapi -- --check  fails when they are not what the sources say
 *
 * Needs no database: the application is assembled, not started.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTypes, { astToString } from 'openapi-typescript';
import './from-sources.mjs';
import { ROOT } from './root.ts';

const FOLDER = join(ROOT, 'libs/api-client');
const BANNER = '/** Generated from openapi.json by `npm run openapi`; edit neither. */\n';

const { describeApi } = await import('../backend/src/openapi/describe.ts');
const document = await describeApi();
const files = new Map([
  [join(FOLDER, 'openapi.json'), `${JSON.stringify(document, null, 2)}\n`],
  [
    join(FOLDER, 'src/schema.ts'),
    BANNER +
      astToString(await openapiTypes(JSON.stringify(document), { alphabetize: false, defaultNonNullable: false })),
  ],
]);

if (process.argv.includes('--check')) {
  const stale = [...files]
    .filter(([path, content]) => readOrEmpty(path) !== content)
    .map(([path]) => path.slice(ROOT.length + 1));
  if (stale.length > 0) {
    console.error(`Not what the API's sources say: ${stale.join(', ')}. Run: npm run openapi`);
    process.exit(1);
  }
  console.log('The OpenAPI document and the client match the sources.');
} else {
  for (const [path, content] of files) writeFileSync(path, content);
  console.log([...files.keys()].map((path) => `wrote ${path.slice(ROOT.length + 1)}`).join('\n'));
}

lint();

/** Any warning is an error; redocly's own telemetry stays off. */
function lint(): void {
  const redocly = join(ROOT, 'node_modules/@redocly/cli/bin/cli.js');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [redocly, 'lint', join(FOLDER, 'openapi.json'), '--config', join(FOLDER, 'redocly.yaml')],
    {
      encoding: 'utf8',
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    },
  );
  if (status === 0) return;
  console.error(`${stdout}${stderr}`);
  process.exit(1);
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
