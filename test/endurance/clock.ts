import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Fault } from './faults.ts';
import type { CredentialKind } from './people.ts';
import type { Stage } from './stage.ts';

/** How wrong the API's clock is, in seconds; either way. */
export const SKEW_S = 60;

/** What gives a process a wrong clock. */
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
/** What a statement's way to the database and a timer may be late by. */
const SLACK_MS = 250;
const KINDS: readonly CredentialKind[] = ['bearer', 'cookie', 'jwt'];

/** Nothing breaks: sessions must end by the database's clock, and everything be served until then. */
export function skewedClock(skew: ClockSkew, seconds: number): Fault {
  return {
    name: `API's clock ${Math.abs(seconds)} s ${seconds > 0 ? 'fast' : 'slow'} (${skew.how})`,
    breaks: 'nothing',
    run: async (stage) => {
      await Promise.all(KINDS.map((kind) => endsOnTime(stage, kind)));
      return performance.now();
    },
  };
}

async function endsOnTime({ people, http, judge }: Stage, kind: CredentialKind): Promise<void> {
  const userId = await people.signUp();
  const before = performance.now();
  const session = await people.signIn(userId, { kind, lifeMs: LIFE_MS });
  const after = performance.now();
  while (performance.now() < after + LIFE_MS + 1_500) {
    const exchange = await http.send('GET', '/api/me', session.headers);
    const served = judge().weigh(exchange, 'revoked');
    if (!served && exchange.endedAt < before + LIFE_MS - SLACK_MS)
      judge().wrong(exchange, `${exchange.status} before the session (${kind}) ended`);
    if (served && exchange.sentAt > after + LIFE_MS + SLACK_MS)
      judge().wrong(exchange, `a session (${kind}) was served after its end`);
    await delay(50);
  }
}

function findFaketime(): string | undefined {
  const roots = ['/usr/lib', '/usr/local/lib', '/opt/homebrew/lib'].filter((root) => existsSync(root));
  const folders = roots.flatMap((root) => [root, ...readdirSync(root).map((name) => join(root, name))]);
  return folders.map((folder) => join(folder, 'faketime/libfaketimeMT.so.1')).find((file) => existsSync(file));
}
