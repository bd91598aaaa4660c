import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isBuilt, markBuilt, stampOf } from './build-stamp.ts';
import { compressFiles } from '../frontend/scripts/compress-files.ts';
import { fail, runAsProgram } from './program.ts';
import { ROOT } from './root.ts';
import { printedSteps, type Steps } from './steps.ts';
import { Supervisor } from './supervisor.ts';

const SHARED = ['package-lock.json', 'tsconfig.base.json', 'nest-cli.json'];

interface Part {
  name: string;
  sources: string[];
  /** Holds the stamp; lies in the output, so that it goes with it. */
  stamp: string;
  /** Removed before a build: what is no longer written must not stay. */
  outputs: string[];
  command: string[];
  /** What follows the command. */
  finish?: () => Promise<void>;
}

export const API: Part = {
  name: 'Build the API and the libraries',
  sources: [
    ...SHARED,
    'backend',
    'libs/core',
    'libs/session-auth',
    'libs/user-isolation',
    'libs/api-client',
    'libs/schematics',
  ],
  stamp: 'backend/dist/.stamp',
  outputs: [
    'backend/dist',
    'libs/core/dist',
    'libs/session-auth/dist',
    'libs/user-isolation/dist',
    'libs/api-client/dist',
    'libs/schematics/dist',
  ],
  command: ['node_modules/@nestjs/cli/bin/nest.js', 'build', '--all'],
};

const WEB: Part = {
  name: 'Build the web application',
  sources: [...SHARED, 'frontend', 'libs/api-client'],
  stamp: 'frontend/.next/.stamp',
  // Next clears its own directory and keeps its cache in it.
  outputs: ['frontend/.next/.stamp'],
  command: ['node_modules/next/dist/bin/next', 'build', 'frontend'],
  // Once and as far as it goes, not for every browser anew: frontend/static-files.mjs serves what this writes.
  finish: () => compressFiles(join(ROOT, 'frontend', '.next', 'static')),
};

/**
 * Builds what has changed. API and web application side by side: the latter takes the API client from its sources.
 * @returns whether anything was built.
 */
export async function build(
  supervisor: Supervisor,
  steps: Steps,
  { force = false, parts = [API, WEB] } = {},
): Promise<boolean> {
  const due = parts
    .map((part) => ({ ...part, hash: stampOf(part.sources) }))
    .filter(({ stamp, hash }) => force || !isBuilt(stamp, hash));
  await Promise.all(
    due.map(({ name, outputs, command, finish, stamp, hash }) =>
      steps.run(name, async () => {
        for (const output of outputs) rmSync(join(ROOT, output), { recursive: true, force: true });
        await supervisor.runNode(name, command, { env: buildEnvironment(process.env) });
        await finish?.();
        // Stamped with what was read before: an edit made meanwhile is built next time.
        markBuilt(stamp, hash);
      }),
    ),
  );
  return due.length > 0;
}

/** Without the application's variables: what they say is honoured at start, and must not end up in a bundle. */
function buildEnvironment(source: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(source).filter(([key]) => !/^NEXT_PUBLIC_|SECRET|DATABASE|PASSWORD|TOKEN/.test(key));
  return { ...Object.fromEntries(kept), NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };
}

runAsProgram(import.meta.url, async () => {
  const supervisor = new Supervisor();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void supervisor.stop());
  const built = await build(supervisor, printedSteps(), { force: process.argv.includes('--force') }).catch(fail);
  if (built === false) console.log('  The build is up to date (--force builds anyway).');
});
