import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { readSettings } from '../../../scripts/env.ts';
import { freePort } from '../../../scripts/ports.ts';
import type { EmbeddedPostgres } from '../../../scripts/postgres/embedded.ts';
import { removeAfterUs } from '../../../scripts/reaper.ts';
import { startStack, type Stack } from '../../../scripts/stack.ts';
import type { Steps } from '../../../scripts/steps.ts';
import type { Supervised, Supervisor } from '../../../scripts/supervisor.ts';
import { loop, type Running } from '../loop.ts';
import { signUp, type Account } from './account.ts';
import { startHonestUser, type Experience } from './honest.ts';
import { parseCarriedOut, type Orders } from './orders.ts';

const run = promisify(execFile);

const ACCOUNTS = 10;
const UNREAD_STREAMS = 20;
/** How often each attack must have been carried out. */
const CARRIED_OUT = 10;
/** Bytes that each application may hold in memory. */
const RESIDENT_BYTES = 300 * 1_048_576;

export interface AbuseOptions {
  readonly lastsMs: number;
  /** Milliseconds within which 99 of 100 answers reach somebody who does nothing wrong. */
  readonly p99LimitMs: number;
}

/** What the abuse came to. */
export interface AbuseResult {
  readonly answers: number;
  readonly p99Ms: number;
  readonly residentBytes: Readonly<Record<'api' | 'web', number>>;
  /** What should not have been, in words; empty when the applications held. */
  readonly findings: readonly string[];
}

/**
 * Ten accounts do everything at once that an account could do to stop the others, and twenty event streams are opened
 * and never read, while one person works. Both applications run as `npm start` runs them.
 */
export async function runAbuse(supervisor: Supervisor, steps: Steps, options: AbuseOptions): Promise<AbuseResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'session-guard-abuse-'));
  removeAfterUs(dataDir);
  const env = {
    PATH: process.env['PATH'],
    WEB_PORT: String(await freePort()),
    API_PORT: String(await freePort()),
    METRICS_PORT: 'off',
    DATA_DIR: dataDir,
    // So that each account can have an address of its own.
    TRUSTED_PROXIES: '127.0.0.1',
    LOG_LEVEL: 'warn',
  };
  let postgres: EmbeddedPostgres | undefined;
  try {
    const stack = await startStack({
      settings: readSettings(env),
      env,
      steps,
      supervisor,
      durable: false,
      onPostgres: (server) => (postgres = server),
    });
    return await abuse(stack, supervisor, options);
  } finally {
    await supervisor.stop();
    await postgres?.stop();
  }
}

async function abuse(
  stack: Stack,
  supervisor: Supervisor,
  { lastsMs, p99LimitMs }: AbuseOptions,
): Promise<AbuseResult> {
  const honest = await signUp(stack, '203.0.113.200');
  const attackers: Account[] = [];
  for (let number = 0; number < ACCOUNTS; number += 1) attackers.push(await signUp(stack, `203.0.113.${number + 1}`));
  const seen: Experience = { times: [], wrong: [] };
  const resident = { api: 0, web: 0 };
  const attack = startAttackers(supervisor, {
    site: { webUrl: stack.webUrl, apiUrl: stack.apiUrl },
    attackers: attackers.map(({ address, token }) => ({ address, token })),
    unreadStreams: UNREAD_STREAMS,
  });
  const running = [startHonestUser(honest, stack, seen), watch(stack, resident)];
  const ended = await Promise.race([delay(lastsMs), stack.failed.catch((error: unknown) => error as Error)]);
  await Promise.all(running.map((one) => one.stop()));
  await supervisor.end(attack);
  for (const { client } of [honest, ...attackers]) client.close();
  return checker(seen, resident, p99LimitMs, [...(ended instanceof Error ? [ended.message] : []), ...missing(attack)]);
}

function startAttackers(supervisor: Supervisor, orders: Orders): Supervised {
  const env = { PATH: process.env['PATH'], ATTACK: JSON.stringify(orders) };
  return supervisor.spawnNode('The attackers', ['--import', 'tsx', 'test/endurance/abuse/attackers.process.ts'], {
    env,
  });
}

/** Attacks that were hardly carried out: a test of nothing. */
function missing(attack: Supervised): string[] {
  const last = attack.lastLines().split('\n').at(-1) ?? '';
  return Object.entries(parseCarriedOut(last))
    .filter(([, times]) => times < CARRIED_OUT)
    .map(
      ([name, times]) => `${name} was carried out ${times} times; at least ${CARRIED_OUT} are needed to say anything`,
    );
}

function watch({ processes }: Stack, resident: Record<'api' | 'web', number>): Running {
  return loop(1, 500, async () => {
    for (const name of ['api', 'web'] as const)
      resident[name] = Math.max(resident[name], await residentBytes(processes[name].pid));
  });
}

/** Without holding up the honest user, whose clock this process is. */
async function residentBytes(pid: number): Promise<number> {
  try {
    return Number((await run('ps', ['-o', 'rss=', '-p', String(pid)])).stdout) * 1024;
  } catch {
    return 0;
  }
}

function checker(
  { times, wrong }: Experience,
  residentBytes: Record<'api' | 'web', number>,
  p99LimitMs: number,
  ended: readonly string[],
): AbuseResult {
  const sorted = times.toSorted((a, b) => a - b);
  const p99Ms = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.POSITIVE_INFINITY;
  const counted = new Map<string, number>();
  for (const one of wrong) counted.set(one, (counted.get(one) ?? 0) + 1);
  const findings = [
    ...ended,
    ...[...counted].map(([what, count]) => `${count} × ${what}`),
    ...(p99Ms > p99LimitMs
      ? [`one answer in a hundred took more than ${Math.round(p99Ms)} ms; at most ${p99LimitMs} ms are allowed`]
      : []),
    ...Object.entries(residentBytes)
      .filter(([, bytes]) => bytes > RESIDENT_BYTES)
      .map(
        ([name, bytes]) =>
          `${name} held ${Math.round(bytes / 1_048_576)} MiB; at most ${RESIDENT_BYTES / 1_048_576} are allowed`,
      ),
  ];
  return { answers: times.length, p99Ms, residentBytes, findings };
}
