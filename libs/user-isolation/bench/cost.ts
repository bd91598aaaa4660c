/**
 * What isolation costs: the list of 20 rows with policies and scope against the same query with neither.
 *
 *   node --import tsx libs/user-isolation/bench/cost.ts
 *
 * Starts its own PostgreSQL, or uses the database server of TEST_POSTGRES_URL. All forms take turns in short slices of
 * one run, so that a busy machine slows all of them alike; the table shows medians.
 */
import 'reflect-metadata';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { startTestPostgres } from '../../../test/global-setup.ts';
import { createIsolatedDataSource, Isolation } from '../src/index.ts';
import { queryAs } from '../src/fast/owner.query.ts';
import { createBenchDatabase, OpenItem, OwnedItem, USERS } from './items.ts';

const CONCURRENCY = 16;
const POOL = 10;
const SLICE_MS = Number(process.env['SLICE_MS'] ?? 700);
const ROUNDS = Number(process.env['ROUNDS'] ?? 7);

const server = process.env['TEST_POSTGRES_URL'] === undefined ? await startTestPostgres() : undefined;
const database = await createBenchDatabase(server?.url ?? process.env['TEST_POSTGRES_URL'] ?? '');

const columns = 'id, title, description, status, priority, due_at, created_at, updated_at, user_id';
const list = (table: string): string =>
  `select ${columns} from ${table} where user_id = $1 order by created_at desc, id desc limit 20`;
const pool = new pg.Pool({ connectionString: database.apiUrl, max: POOL });
const pipelined = new pg.Pool({ connectionString: database.apiUrl, max: POOL, pipeline: true });
const options = { type: 'postgres', url: database.apiUrl, extra: { max: POOL }, installExtensions: false } as const;
const plain = await new DataSource({ ...options, entities: [OpenItem] }).initialize();
const isolated = await (await createIsolatedDataSource({ ...options, entities: [OwnedItem] })).initialize();
const isolation = new Isolation(isolated);
const open = plain.getRepository(OpenItem);
const owned = isolated.getRepository(OwnedItem);
const order = { createdAt: 'desc', id: 'desc' } as const;

async function withClient<T>(from: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await from.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

type Row = { id: string };
const SET = `select set_config('app.user_id', $1, true)`;
type Form = { name: string; of: string; run: (user: string) => Promise<{ length: number }> };
const forms: Form[] = [
  {
    name: 'pg: plain SELECT',
    of: 'pg: plain SELECT',
    run: async (user) => withClient(pool, async (c) => (await c.query<Row>(list('open_item'), [user])).rows),
  },
  {
    name: 'pg: plain SELECT, prepared',
    of: 'pg: plain SELECT',
    run: async (user) =>
      withClient(
        pool,
        async (c) => (await c.query<Row>({ name: 'open', text: list('open_item'), values: [user] })).rows,
      ),
  },
  {
    name: 'pg: BEGIN, set_config, SELECT, COMMIT',
    of: 'pg: plain SELECT',
    run: (user) =>
      withClient(pool, async (c) => {
        await c.query('begin');
        await c.query(SET, [user]);
        const { rows } = await c.query<Row>(list('owned_item'), [user]);
        await c.query('commit');
        return rows;
      }),
  },
  {
    name: 'pg: BEGIN; SET LOCAL in one, SELECT, COMMIT',
    of: 'pg: plain SELECT',
    run: (user) =>
      withClient(pool, async (c) => {
        await c.query(`begin; set local app.user_id = ${c.escapeLiteral(user)}`);
        const { rows } = await c.query<Row>(list('owned_item'), [user]);
        await c.query('commit');
        return rows;
      }),
  },
  {
    name: 'pg: the four pipelined',
    of: 'pg: plain SELECT',
    run: (user) =>
      withClient(pipelined, async (c) => {
        const [, , { rows }] = await Promise.all([
          c.query('begin'),
          c.query(SET, [user]),
          c.query<Row>(list('owned_item'), [user]),
          c.query('commit'),
        ] as const);
        return rows;
      }),
  },
  {
    name: 'pg: one implicit transaction',
    of: 'pg: plain SELECT',
    run: async (user) => withClient(pool, async (c) => (await queryAs<Row>(c, user, list('owned_item'), [user])).rows),
  },
  {
    name: 'TypeORM: find, plain',
    of: 'TypeORM: find, plain',
    run: (user) => open.find({ where: { userId: user }, order, take: 20 }),
  },
  {
    name: 'TypeORM: find, isolated',
    of: 'TypeORM: find, plain',
    run: (user) => isolation.runAs(user, () => owned.find({ order, take: 20 })),
  },
];

async function slice({ run }: Form): Promise<number> {
  let done = 0;
  const start = performance.now();
  const worker = async (offset: number): Promise<void> => {
    for (let n = offset; performance.now() - start < SLICE_MS; n += 1) {
      const { length } = await run(`user-${(n % USERS) + 1}`);
      if (length !== 20) throw new Error(`expected 20 rows, got ${length}`);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, (_, index) => worker(index * 61)));
  return (done / (performance.now() - start)) * 1_000;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const rates = new Map<string, number[]>(forms.map(({ name }) => [name, []]));
for (let round = -1; round < ROUNDS; round += 1) {
  for (const form of forms) {
    const rate = await slice(form);
    if (round >= 0) rates.get(form.name)?.push(rate);
  }
}

const table = forms.map(({ name, of }) => {
  const ratios = (rates.get(name) ?? []).map((rate, index) => rate / (rates.get(of)?.[index] ?? NaN));
  return { form: name, 'lists/s': Math.round(median(rates.get(name) ?? [])), ratio: median(ratios).toFixed(2) };
});
console.table(table);
await Promise.all([pool.end(), pipelined.end(), plain.destroy(), isolated.destroy()]);
await database.drop();
await server?.stop();
