import { Isolation } from '@session-guard/isolation';
import pg from 'pg';
import type { EntityManager } from 'typeorm';
import { TASK_SORTS, type ListTasksQuery } from '../src/tasks/list-tasks.dto.ts';
import { selectTasks } from '../src/tasks/task-list.query.ts';
import { sortPlan } from '../src/tasks/task-sorts.ts';
import { TaskEntity } from '../src/tasks/task.entity.ts';
import { createTestApp, type TestApp } from './app.ts';

const USERS = 100;
const TASKS_EACH = 300;
const POSITIONS = {
  createdAt: '2030-01-01T00:00:00Z',
  priority: '1',
  title: 'book',
  dueOn: 'infinity',
  dueAt: 'infinity',
};
const FILTERS: readonly Omit<ListTasksQuery, 'sort'>[] = [
  {},
  { status: 'done' },
  { priority: 'high' },
  { dueFrom: '2030-01-01' },
  { dueTo: '2030-01-01' },
  { dueBefore: '2030-01-01T00:00:00Z' },
  { dueAfter: '2030-01-01T00:00:00Z' },
  { q: 'venue 77' },
  { q: 'zz' },
  {
    status: 'todo',
    priority: 'low',
    q: 'the plumber',
    dueBefore: '2030-01-01T00:00:00Z',
    dueAfter: '2020-01-01T00:00:00Z',
  },
];

let api: TestApp;

beforeAll(async () => {
  api = await createTestApp();
  const owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
  await owner.query(
    `insert into "user" (id, name, email, "emailVerified") select 'u' || n, 'User', n || '@example.com', true ` +
      `from generate_series(1, ${USERS}) as n`,
  );
  await owner.query('alter table task disable trigger user');
  await owner.query(`
    insert into task (user_id, title, description, status, priority, due_at, created_at)
    select 'u' || (1 + n % ${USERS}), 'Book the venue ' || n, case when n % 3 = 0 then null else md5(n::text) end,
      (array['todo', 'in_progress', 'done'])[1 + n % 3], (array['low', 'medium', 'high'])[1 + n % 3],
      case when n % 4 = 0 then null else now() + n * interval '1 minute' end, now() - n * interval '1 second'
    from generate_series(1, ${USERS * TASKS_EACH}) as n`);
  await owner.query('alter table task enable trigger user');
  await owner.query('vacuum analyze task');
  await owner.end();
});
afterAll(() => api.close());

/** The API's own query, and the plan PostgreSQL makes of it for the API's role. */
function planOf(query: ListTasksQuery, deep: boolean): Promise<string> {
  return explain(query, deep, ([sql, parameters], manager) => manager.query(`explain ${sql}`, parameters));
}

/** The plan that is kept for whoever asks, once the query is prepared. */
function keptPlanOf(query: ListTasksQuery): Promise<string> {
  return explain(query, false, async ([sql, parameters], manager) => {
    await manager.query('set local plan_cache_mode = force_generic_plan');
    await manager.query(`prepare kept as ${sql}`);
    try {
      return await manager.query(
        `explain execute kept (${parameters.map((value) => pg.escapeLiteral(String(value))).join(', ')})`,
      );
    } finally {
      await manager.query('deallocate kept');
    }
  });
}

type Plan = { 'QUERY PLAN': string }[];

async function explain(
  query: ListTasksQuery,
  deep: boolean,
  ask: (sql: [string, unknown[]], manager: EntityManager) => Promise<Plan>,
): Promise<string> {
  const plan = sortPlan(query.sort ?? '-createdAt');
  const field = (query.sort ?? 'createdAt').replace('-', '') as keyof typeof POSITIONS;
  const position = deep ? { value: POSITIONS[field], id: '80000000-0000-4000-8000-000000000000' } : undefined;
  const isolation = api.app.get(Isolation);
  const rows = await isolation.runAs('u7', () =>
    isolation.transaction((manager) =>
      ask(
        selectTasks(manager.getRepository(TaskEntity).createQueryBuilder('task'), query, plan, position)
          .limit(21)
          .getQueryAndParameters() as [string, unknown[]],
        manager,
      ),
    ),
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

describe.each(TASK_SORTS)('every list query uses an index: sort=%s', (sort) => {
  it.each(FILTERS)('with %j, first and later pages', async (filter) => {
    for (const deep of [false, true]) {
      const plan = await planOf({ ...filter, sort }, deep);
      expect(plan).toMatch(/Index (Only )?Scan/);
      expect(plan).not.toContain('Seq Scan on task');
    }
  });
});

// A list that depends on nothing but its owner is prepared: the one plan must suit owners of twenty tasks and of a
// million.
it.each(TASK_SORTS)('sort=%s: the plan that is kept reads the index in its order, and sorts nothing', async (sort) => {
  const plan = await keptPlanOf({ sort });
  expect(plan).toMatch(/Index Cond: \(user_id = \$1\)/);
  expect(plan).not.toContain('Sort');
});

it.each(TASK_SORTS)(
  'sort=%s: the page begins in the index, not after the rows before it, and nothing is sorted',
  async (sort) => {
    const plan = await planOf({ sort }, true);
    expect(plan).toMatch(/Index Cond: .*ROW\(/);
    expect(plan).not.toContain('Sort');
  },
);

it('text of three characters and more is found by the trigram index under row level security', async () => {
  expect(await planOf({ q: 'no such thing' }, false)).toContain('task_search_idx');
});
