import { setTimeout as delay } from 'node:timers/promises';
import type { Stage } from './stage.ts';
import { fillDisk } from './disk.ts';

/** Something that goes wrong, and is mended. */
export interface Fault {
  readonly name: string;
  /**
   * What it takes away, and with it what may be answered meanwhile. `database` (the default): 503. `api`: no
   * connection.
   * `drained`: no connection either, but requests under way are answered. `nothing`: everything is served.
   */
  readonly breaks?: 'database' | 'api' | 'drained' | 'nothing';
  /** Breaks and mends. @returns when things were whole again, on the monotonic clock */
  run(stage: Stage): Promise<number>;
}

/** Faults of the database, which the same API process outlives one after the other. */
export const DATABASE_FAULTS: readonly Fault[] = [
  {
    name: 'server stopped for 3 s and started again',
    run: async ({ server }) => {
      await server.stop();
      await delay(3_000);
      // Asked all along: the API may be served before the one who starts the server knows that it runs.
      const [backAt] = await Promise.all([server.waitUntilBack(), server.startAgain()]);
      return backAt;
    },
  },
  {
    name: 'server crashes (SIGKILL of one of its processes)',
    run: async ({ server }) => {
      await server.crash();
      return server.waitUntilBack();
    },
  },
  {
    name: 'server frozen (SIGSTOP) for 10 s',
    run: async ({ server }) => {
      const thaw = await server.freeze();
      await delay(10_000);
      thaw();
      return server.waitUntilBack();
    },
  },
  {
    name: "every connection of the API's terminated, five times",
    run: async ({ server }) => {
      for (let time = 0; time < 5; time += 1) {
        await server.terminate('session-guard-api');
        await server.terminate('session-guard-listen');
        await delay(200);
      }
      return performance.now();
    },
  },
  {
    name: "listener's connection terminated, ten times",
    run: async ({ server }) => {
      for (let time = 0; time < 10; time += 1) {
        await server.terminate('session-guard-listen');
        await delay(300);
      }
      return performance.now();
    },
  },
  { name: 'pool exhausted: tasks locked for 6 s', run: (stage) => locked(stage, 'task', 6_000) },
  { name: 'pool exhausted: sessions locked for 6 s', run: (stage) => locked(stage, '"session"', 6_000) },
  {
    name: 'no connection left for the role for 4 s (53300)',
    run: async ({ server }) => {
      await server.owner.query('alter role session_guard_api connection limit 0');
      await server.terminate('session-guard-api');
      await server.terminate('session-guard-listen');
      await delay(4_000);
      await server.owner.query('alter role session_guard_api connection limit -1');
      return performance.now();
    },
  },
  {
    name: 'disk full for 4 s (53100)',
    run: async ({ server }) => {
      const disk = await fillDisk(server);
      await delay(4_000);
      await disk.free();
      const backAt = performance.now();
      // Afterwards, so that moving the table counts as part of the recovery.
      await disk.remove();
      return backAt;
    },
  },
];

/** Holds every row of a table back: whoever wants one waits, with a connection of the pool in hand. */
async function locked({ server }: Stage, table: string, ms: number): Promise<number> {
  const client = await server.owner.connect();
  try {
    await client.query(`begin; lock table ${table} in access exclusive mode`);
    await delay(ms);
    await client.query('commit');
    return performance.now();
  } finally {
    client.release();
  }
}

/** Faults of the API itself. */
export const API_FAULTS: readonly Fault[] = [
  {
    name: 'API killed (SIGKILL) and started again',
    breaks: 'api',
    run: async ({ api }) => {
      api.kill('SIGKILL');
      await api.ended;
      await api.startAgain();
      return performance.now();
    },
  },
  {
    name: 'API told to end (SIGTERM) and started again',
    breaks: 'drained',
    run: async (stage) => {
      const { api, judge } = stage;
      const slow = await slowRequest(stage);
      api.kill('SIGTERM');
      await delay(500);
      await slow.release();
      const answer = await slow.answer;
      if (answer.status !== 200) judge().wrong(answer, `${answer.status} for a request that was under way at SIGTERM`);
      const code = await api.ended;
      if (code !== 0) judge().wrong(answer, `the API ended with ${code} instead of 0`);
      await api.startAgain();
      return performance.now();
    },
  },
];

/** A change that waits for a row somebody else has locked, as a request under way when the signal comes. */
async function slowRequest({ server, people, http }: Stage) {
  const session = await people.signIn(await people.signUp(), { kind: 'bearer' });
  const created = await http.send('POST', '/api/tasks', session.headers, { title: 'slow' });
  const path = created.headers.location ?? '';
  const holder = await server.owner.connect();
  await holder.query('begin');
  await holder.query('select from task where user_id = $1 for update', [session.userId]);
  const answer = http.send('PATCH', path, session.headers, { priority: 'high' });
  await waiting(server.owner);
  return {
    answer,
    release: async () => {
      await holder.query('commit');
      holder.release();
    },
  };
}

async function waiting(owner: Stage['server']['owner']): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { rowCount } = await owner.query(
      `select from pg_stat_activity where application_name = 'session-guard-api' and wait_event_type = 'Lock'`,
    );
    if (rowCount !== null && rowCount > 0) return;
    await delay(10);
  }
  throw new Error('The slow request did not begin to wait.');
}
