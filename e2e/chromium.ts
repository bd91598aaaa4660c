import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type LaunchOptions } from '@playwright/test';
import { ROOT } from '../scripts/root.ts';

const PACKAGE = '@sparticuz/chromium';

/** Needed as root and in containers, and quiet: nothing is asked of the network but what a page asks. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A Chromium to test with, and how to start it: `CHROMIUM_PATH` when set; on Linux x64 the one npm has installed,
 * which needs nothing of the system; elsewhere Playwright's own or an installed Chrome.
 *
 * @throws Error saying what to do when there is none.
 * @example const browser = await chromium.launch(await chromiumLaunchOptions());
 */
export async function chromiumLaunchOptions(): Promise<LaunchOptions> {
  const given = process.env['CHROMIUM_PATH'];
  if (given) {
    if (!existsSync(given)) throw new Error(`CHROMIUM_PATH names no file: ${given}\nFix: correct it, or unset it.`);
    return { executablePath: given, args: FLAGS };
  }
  if (process.platform === 'linux' && process.arch === 'x64') {
    const home = await unpacked();
    const libraries = [join(home, 'al2023', 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(delimiter);
    return {
      executablePath: join(home, 'chromium'),
      args: FLAGS,
      env: { ...definedOnly(process.env), LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: fontConfiguration(home) },
    };
  }
  const installed = [chromium.executablePath(), ...wellKnown()].find(isExecutable);
  if (installed !== undefined) return { executablePath: installed, args: FLAGS };
  throw new Error(
    `No Chromium for the browser tests on ${process.platform}-${process.arch}.\n` +
      'Fix: npx playwright install chromium, or install Chrome, or set CHROMIUM_PATH to a Chromium or Chrome.',
  );
}

/** Unpacks npm's Chromium with its libraries and fonts, once for each version; takes some seconds. */
async function unpacked(): Promise<string> {
  const manifest = join(packageDirectory(), 'package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const home = join(ROOT, 'node_modules/.cache/session-guard', `chromium-${version}`);
  if (existsSync(home)) return home;
  const partial = `${home}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  // The package unpacks into the temporary directory, under fixed names, and its libraries only where it believes to be
  // on Amazon Linux: in a process of its own, both can be had without sharing /tmp with other users.
  await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', `import chromium from '${PACKAGE}'; await chromium.executablePath();`],
    { cwd: ROOT, env: { ...process.env, TMPDIR: partial, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' } },
  );
  try {
    renameSync(partial, home);
  } catch (error) {
    // Another worker was faster.
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
  return home;
}

/**
 * Where this Chromium finds fonts. The package's own configuration names directories that don't exist here, and without
 * any font a text is not drawn before the page's own font has come, or at all.
 */
function fontConfiguration(home: string): string {
  const file = join(home, 'fonts', 'session-guard.conf');
  const directories = [join(home, 'fonts', 'fonts'), '/usr/share/fonts'].map((directory) => `<dir>${directory}</dir>`);
  writeFileSync(
    file,
    `<?xml version="1.0"?><fontconfig>${directories.join('')}` +
      `<cachedir>${join(home, 'fonts', 'cache')}</cachedir></fontconfig>\n`,
  );
  return file;
}

function packageDirectory(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(PACKAGE)), '..', '..');
  } catch {
    throw new Error(
      `The package ${PACKAGE}, the browser of the tests, is not installed.\nFix: npm ci, without --omit=dev; or ` +
        'set CHROMIUM_PATH.',
    );
  }
}

function wellKnown(): string[] {
  const names = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'chrome'];
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((directory) => names.map((name) => join(directory, name)));
  return [
    ...onPath,
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
