// Runs the API from its sources and the libraries': `node --import ./scripts/from-sources.mjs backend/src/main.ts`.
// tsx would compile them with esbuild, which writes no decorator metadata: Nest would not know the class of a body or
// a query. These hooks compile them with swc instead, as Jest does.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { transform } from '@swc/core';

// Node loads this file again in the thread of its hooks.
if (isMainThread) register(import.meta.url);

const ROOT = new URL('../', import.meta.url);
const { paths } = JSON.parse(readFileSync(new URL('tsconfig.base.json', ROOT), 'utf8')).compilerOptions;
const OPTIONS = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

export function resolve(specifier, context, nextResolve) {
  const source = paths[specifier]?.[0];
  if (source === undefined) return nextResolve(specifier, context);
  return { url: new URL(source, ROOT).href, shortCircuit: true };
}

export async function load(url, context, nextLoad) {
  const [address] = url.split('?');
  if (!address.startsWith('file:') || !address.endsWith('.ts') || address.includes('/node_modules/'))
    return nextLoad(url, context);
  const filename = fileURLToPath(address);
  const { code } = await transform(await readFile(filename, 'utf8'), { ...OPTIONS, filename, swcrc: false });
  return { format: 'module', source: code, shortCircuit: true };
}
