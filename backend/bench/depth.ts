/**
 * What a page deep in a long list costs beside the first one.
 *
 *   npx nest build --all && node --import tsx backend/bench/depth.ts
 *
 * One user with a million tasks on a real PostgreSQL, the built API, pages of twenty over HTTP. `DEPTH_TASKS` takes
 * another number of tasks. Ends with 1 when page 1,000 costs more than 1.5 of page 1 in any sort.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { migrate as migrateWeb } from '../../frontend/scripts/migrate.ts';
import { freePort } from '../../scripts/ports.ts';
import { startPostgres } from '../../scripts/postgres/embedded.ts';
import { ROOT } from '../../scripts/root.ts';
import { migrate, migrateOptions } from '../src/operator/migrate.ts';

const TASKS = Number(process.env['DEPTH_TASKS'] ?? 1_000_000);
const PAGE = 1_000;
const ROUNDS = 300;
const BOUND = 1.5;
const TOKEN = 'depthdepthdepthdepthdepthdepthde';
const SORTS = ['-createdAt', 'dueAt', '-dueAt', '-priority', 'title'];

const dataDir = mkdtempSync(join(tmpdir(), 'session-guard-depth-'));
const postgres = await startPostgres({ dataDir, durable: false });
const environment = { DATABASE_URL: postgres.url, BETTER_AUTH_SECRET: 'for-measuring-only-0123456789abcdefgh' };
let failed = false;
try {
  await migrateWeb(environment);
  await migrate(migrateOptions(environment));
  await seed();
  const port = await freePort();
  const api = spawn(process.execPath, [join(ROOT, 'backend/dist/main.js')], {
    env: {
      ...process.env,
      ...environment,
      API_PORT: String(port),
      METRICS_PORT: 'off',
      RATE_LIMIT: 'off',
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await answering(port);
    console.log(
      `${TASKS.toLocaleString('en')} tasks of one user, pages of 20, medians of ${ROUNDS} requests each, alternating\n`,
    );
    console.log('| sort | page 1 | page 1,000 | ratio |\n|---|---|---|---|');
    for (const sort of SORTS) {
      const { first, deep } = await compare(port, sort);
      failed ||= deep / first > BOUND;
      console.log(`| \`${sort}\` | ${first.toFixed(2)} ms | ${deep.toFixed(2)} ms | ${(deep / first).toFixed(2)} |`);
    }
  } finally {
    api.kill('SIGTERM');
    await once(api, 'exit');
  }
} finally {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

async function seed(): Promise<void> {
  const owner = new pg.Client({ connectionString: postgres.url });
  await owner.connect();
  await owner.query(
    `insert into "user" (id, name, email, "emailVerified") values ('depth', 'Depth', 'depth@example.com', true)`,
  );
  await owner.query(
    'insert into session (id, token, "userId", "expiresAt", "updatedAt") ' +
      "values ('depth', $1, 'depth', now() + interval '1 day', now())",
    [TOKEN],
  );
  await owner.query('alter table task disable trigger user');
  await owner.query(
    `insert into task (user_id, title, description, status, priority, due_at, created_at)
     select 'depth', 'Task ' || md5(n::text), case when n % 3 = 0 then null else 'Note ' || n end,
       (array['todo', 'in_progress', 'done'])[1 + n % 3], (array['low', 'medium', 'high'])[1 + n % 3],
       case when n % 4 = 0 then null else now() + n * interval '1 second' end, now() - n * interval '1 second'
     from generate_series(1, $1::int) as n`,
    [TASKS],
  );
  await owner.query('alter table task enable trigger user');
  await owner.query('vacuum analyze task');
  await owner.end();
}

async function compare(port: number, sort: string): Promise<{ first: number; deep: number }> {
  let cursor: string | null = null;
  for (let page = 1; page < PAGE; page += 1) cursor = (await read(port, sort, cursor)).nextCursor;
  const times: Record<'first' | 'deep', number[]> = { first: [], deep: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.first.push((await read(port, sort, null)).ms);
    times.deep.push((await read(port, sort, cursor)).ms);
  }
  return { first: median(times.first), deep: median(times.deep) };
}

async function read(
  port: number,
  sort: string,
  cursor: string | null,
): Promise<{ nextCursor: string | null; ms: number }> {
  const startedAt = performance.now();
  const response = await fetch(
    `http://127.0.0.1:${port}/api/tasks?sort=${sort}${cursor === null ? '' : `&cursor=${cursor}`}`,
    { headers: { authorization: `Bearer ${TOKEN}` } },
  );
  const { page } = (await response.json()) as { page: { nextCursor: string | null } };
  return { nextCursor: page.nextCursor, ms: performance.now() - startedAt };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function answering(port: number): Promise<void> {
  const limit = AbortSignal.timeout(60_000);
  while (
    !(await fetch(`http://127.0.0.1:${port}/api/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (limit.aborted) throw new Error('The API did not start in 60 s');
    await delay(100);
  }
}
