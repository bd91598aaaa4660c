import { setTimeout as delay } from 'node:timers/promises';
import type { FaultContext } from './loaded-api.ts';
import { fillDisk } from './disk.ts';

/** A fault and its repair. */
export interface Fault {
  readonly name: string;
  /**
   * What is broken, and so which failures are allowed meanwhile. `database` (the default): 503. `api`: no connection.
   * `drained`: no connection either, but requests under way are answered. `nothing`: everything is served.
   */
  readonly breaks?: 'database' | 'api' | 'drained' | 'nothing';
  /** Breaks and repairs. @returns the time of the repair, on the monotonic clock */
  run(context: FaultContext): Promise<number>;
}

/** Faults of the database, which one API process must survive one after another. */
export const DATABASE_FAULTS: readonly Fault[] = [
  {
    name: 'server stopped for 3 s and started again',
    run: async ({ server }) => {
      await server.stop();
      await delay(3_000);
      // Polled from the start: the API may reach the server before `startAgain` resolves.
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
  { name: 'pool exhausted: tasks locked for 6 s', run: (context) => locked(context, 'task', 6_000) },
  { name: 'pool exhausted: sessions locked for 6 s', run: (context) => locked(context, '"session"', 6_000) },
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

/** Locks a table: every query on it waits and holds a connection of the pool. */
async function locked({ server }: FaultContext, table: string, ms: number): Promise<number> {
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
    run: async (context) => {
      const { api, checker } = context;
      const slow = await slowRequest(context);
      api.kill('SIGTERM');
      await delay(500);
      await slow.release();
      const answer = await slow.answer;
      if (answer.status !== 200)
        checker().wrong(answer, `${answer.status} for a request that was under way at SIGTERM`);
      const code = await api.ended;
      if (code !== 0) checker().wrong(answer, `the API ended with ${code} instead of 0`);
      await api.startAgain();
      return performance.now();
    },
  },
];

/** A request that waits for a locked row, so that it is under way when the signal comes. */
async function slowRequest({ server, people, http }: FaultContext) {
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

async function waiting(owner: FaultContext['server']['owner']): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { rowCount } = await owner.query(
      `select from pg_stat_activity where application_name = 'session-guard-api' and wait_event_type = 'Lock'`,
    );
    if (rowCount !== null && rowCount > 0) return;
    await delay(10);
  }
  throw new Error('The slow request did not begin to wait.');
}
