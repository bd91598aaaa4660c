import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Fault } from './faults.ts';
import type { CredentialKind } from './people.ts';
import type { FaultContext } from './loaded-api.ts';

/** Seconds by which the API's clock is wrong, in either direction. */
export const SKEW_S = 60;

/** How a process gets a wrong clock. */
export interface ClockSkew {
  readonly how: 'faketime' | 'preload';
  readonly env: NodeJS.ProcessEnv;
}

/** By libfaketime where it is installed, otherwise by a module loaded before the API. */
export function clockSkew(seconds: number): ClockSkew {
  const library = findFaketime();
  if (library !== undefined) {
    return {
      how: 'faketime',
      env: { LD_PRELOAD: library, FAKETIME: `${seconds > 0 ? '+' : ''}${seconds}s`, FAKETIME_DONT_FAKE_MONOTONIC: '1' },
    };
  }
  const preload = pathToFileURL(join(import.meta.dirname, 'skewed-clock.mjs')).href;
  return { how: 'preload', env: { NODE_OPTIONS: `--import ${preload}`, SKEW_MS: String(seconds * 1_000) } };
}

const LIFE_MS = 3_000;
/** Milliseconds of tolerance for the way to the database and for timers. */
const SLACK_MS = 250;
const KINDS: readonly CredentialKind[] = ['bearer', 'cookie', 'jwt'];

/** Breaks nothing: sessions must end by the database's clock, and everything must be served until then. */
export function skewedClock(skew: ClockSkew, seconds: number): Fault {
  return {
    name: `API's clock ${Math.abs(seconds)} s ${seconds > 0 ? 'fast' : 'slow'} (${skew.how})`,
    breaks: 'nothing',
    run: async (context) => {
      await Promise.all(KINDS.map((kind) => endsOnTime(context, kind)));
      return performance.now();
    },
  };
}

async function endsOnTime({ people, http, checker }: FaultContext, kind: CredentialKind): Promise<void> {
  const userId = await people.signUp();
  const before = performance.now();
  const session = await people.signIn(userId, { kind, lifeMs: LIFE_MS });
  const after = performance.now();
  while (performance.now() < after + LIFE_MS + 1_500) {
    const exchange = await http.send('GET', '/api/me', session.headers);
    const served = checker().check(exchange, 'revoked');
    if (!served && exchange.endedAt < before + LIFE_MS - SLACK_MS)
      checker().wrong(exchange, `${exchange.status} before the session (${kind}) ended`);
    if (served && exchange.sentAt > after + LIFE_MS + SLACK_MS)
      checker().wrong(exchange, `a session (${kind}) was served after its end`);
    await delay(50);
  }
}

function findFaketime(): string | undefined {
  const roots = ['/usr/lib', '/usr/local/lib', '/opt/homebrew/lib'].filter((root) => existsSync(root));
  const folders = roots.flatMap((root) => [root, ...readdirSync(root).map((name) => join(root, name))]);
  return folders.map((folder) => join(folder, 'faketime/libfaketimeMT.so.1')).find((file) => existsSync(file));
}
