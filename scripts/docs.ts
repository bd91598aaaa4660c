/**
 * Builds the documents and the reference of the libraries' public entry points into a static site, docs/.site.
 *
 *   npm run docs               builds
 *   npm run docs -- preview    builds, then serves it on a local port
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { installOwnPackage } from './own-package.ts';
import { runAsProgram } from './program.ts';
import { ROOT } from './root.ts';
import { printedSteps } from './steps.ts';
import { Supervisor } from './supervisor.ts';

const SITE = 'docs/.site';
const VITEPRESS = 'docs/node_modules/vitepress/bin/vitepress.js';

runAsProgram(import.meta.url, async () => {
  installOwnPackage('docs', 'What builds the site is no dependency of the product.');
  const steps = printedSteps();
  const supervisor = new Supervisor();
  const run = (what: string, args: string[]): Promise<void> =>
    steps.run(what, () => supervisor.runNode(what.toLowerCase(), args, { env: process.env }));
  rmSync(join(ROOT, 'docs/reference'), { recursive: true, force: true });
  await run('Write the reference', ['docs/node_modules/typedoc/bin/typedoc', '--options', 'docs/typedoc.json']);
  await run('Build the site', [VITEPRESS, 'build', 'docs']);
  console.log(
    `\n  The site is in ${SITE}: open ${SITE}/index.html through any web server, or npm run docs -- preview.\n`,
  );
  if (process.argv[2] !== 'preview') return;
  const preview = supervisor.spawnNode('The preview', [VITEPRESS, 'preview', 'docs'], {
    env: process.env,
    onLine: (line) => console.log(line),
  });
  process.on('SIGINT', () => void supervisor.stop());
  process.on('SIGTERM', () => void supervisor.stop());
  await preview.ended;
});
