// tsx compiles with esbuild, which writes no decorator metadata: Nest would not know a body's or a query's class.
// These hooks compile the project's own TypeScript with swc instead, as Jest does.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const OPTIONS = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
  module: { type: 'es6' },
};

export async function load(url, context, nextLoad) {
  const [address] = url.split('?');
  if (!address.startsWith('file:') || !address.endsWith('.ts') || address.includes('/node_modules/'))
    return nextLoad(url, context);
  const filename = fileURLToPath(address);
  const { code } = await transform(await readFile(filename, 'utf8'), { ...OPTIONS, filename, swcrc: false });
  return { format: 'module', source: code, shortCircuit: true };
}
