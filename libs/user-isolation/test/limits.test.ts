import pg from 'pg';
import type { TestDatabase } from '../../../test/database.ts';
import { type IsolatedDataSource, Isolation, OwnerBusyError } from '../src/index.ts';
import { connectAs, createNotes } from './note.ts';

const LIMIT_MS = 300;
/** Longer than a busy machine leaves a test waiting between two statements. */
const IDLE_LIMIT_MS = 3_000;
const WAIT_MS = 400;
const POOL_SIZE = 4;
const SLOW = 'select pg_sleep(1)';
const TIME_LIMIT = '57014';

let database: TestDatabase;
let dataSource: IsolatedDataSource;
let isolation: Isolation;

beforeAll(async () => {
  database = await createNotes({ users: 2, notes: 1 });
  dataSource = await connectAs(database.apiUrl, {
    max: POOL_SIZE,
    connectionTimeoutMillis: WAIT_MS,
    statement_timeout: LIMIT_MS,
    query_timeout: LIMIT_MS + 200,
    idle_in_transaction_session_timeout: IDLE_LIMIT_MS,
  });
  isolation = new Isolation(dataSource);
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const as = <T>(work: () => Promise<T>): Promise<T> => isolation.runAs('user-1', work);

/** A promise, and what fulfils it. */
function signal(): { readonly came: Promise<void>; readonly give: () => void } {
  let give = (): void => undefined;
  const came = new Promise<void>((resolve) => (give = resolve));
  return { came, give };
}

describe('the time limit of a transaction', () => {
  it('a statement beyond the pool’s limit is stopped by PostgreSQL, inside a transaction and outside', async () => {
    await expect(as(() => dataSource.query(SLOW))).rejects.toMatchObject({ code: TIME_LIMIT });
    await expect(as(() => isolation.transaction((manager) => manager.query(SLOW)))).rejects.toMatchObject({
      code: TIME_LIMIT,
    });
  });

  it('a longer limit asked for by name holds on both sides, for every statement of the transaction', async () => {
    const rows = await as(() =>
      isolation.transaction(
        async (manager) => {
          await dataSource.query(SLOW);
          await manager.query(SLOW);
          return dataSource.query<unknown[]>('select 1');
        },
        { timeout: 30_000 },
      ),
    );
    expect(rows).toHaveLength(1);
  });

  it('a shorter limit stops a statement too', async () => {
    const work = (): Promise<unknown> =>
      isolation.transaction((manager) => manager.query('select pg_sleep(0.2)'), { timeout: 20 });
    await expect(as(work)).rejects.toMatchObject({ code: TIME_LIMIT });
  });

  it('work inside of another transaction has its own limit, and the outer one has its limit back', async () => {
    const limitOf = async (): Promise<string> =>
      (await dataSource.query<{ limit: string }[]>(`select current_setting('statement_timeout') as limit`))[0]!.limit;
    const limits = await as(() =>
      isolation.transaction(async () => [
        await limitOf(),
        await isolation.transaction(limitOf, { timeout: 9_000 }),
        await limitOf(),
      ]),
    );
    expect(limits).toEqual([`${LIMIT_MS}ms`, '9s', `${LIMIT_MS}ms`]);
  });

  it('nothing of it stays on the connection', async () => {
    await as(() => isolation.transaction(() => dataSource.query('select 1'), { timeout: 30_000 }));
    await expect(as(() => dataSource.query(SLOW))).rejects.toMatchObject({ code: TIME_LIMIT });
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('%d ms → refused', async (timeout) => {
    await expect(as(() => isolation.transaction(() => Promise.resolve(), { timeout }))).rejects.toThrow(
      /whole number of milliseconds/,
    );
  });
});

it('a transaction that idles is ended, says so by its code, and its connection is replaced', async () => {
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const ended = async (pid: number): Promise<void> => {
    while ((await owner.query('select from pg_stat_activity where pid = $1', [pid])).rowCount !== 0)
      await owner.query('select pg_sleep(0.05)');
  };
  const idle = as(() =>
    isolation.transaction(async (manager) => {
      await manager.query(`update note set body = 'never'`);
      const [backend] = await manager.query<{ pid: number }[]>('select pg_backend_pid() as pid');
      await ended(backend!.pid);
      await manager.query('select 1');
    }),
  );
  await expect(idle).rejects.toMatchObject({ code: '25P03' });
  await owner.end();
  const notes = await as(() => dataSource.query<{ body: string }[]>('select body from note'));
  expect(notes).toEqual([{ body: 'of user-1' }]);
});

describe('one user’s share of the connections', () => {
  /** Holds `count` connections of a user, each in a transaction, until released. */
  const hold = (user: string, count: number): { started: Promise<unknown>; release: () => Promise<unknown> } => {
    let isOver = false;
    const starts = Array.from({ length: count }, signal);
    const ends = starts.map((start) =>
      isolation.runAs(user, () =>
        isolation.transaction(async (manager) => {
          start.give();
          while (!isOver) await manager.query('select pg_sleep(0.05)');
        }),
      ),
    );
    return {
      started: Promise.all(starts.map(({ came }) => came)),
      release: () => {
        isOver = true;
        return Promise.all(ends);
      },
    };
  };

  it('a user who holds half of the pool waits; everybody else is served', async () => {
    const slow = hold('user-1', POOL_SIZE / 2);
    await slow.started;
    await expect(as(() => isolation.transaction((manager) => manager.query('select 1')))).rejects.toMatchObject({
      driverError: expect.any(OwnerBusyError),
    });
    const other = await isolation.runAs('user-2', () =>
      isolation.transaction((manager) => manager.query<unknown[]>('select 1')),
    );
    expect(other).toHaveLength(1);
    await slow.release();
    await as(() => isolation.transaction((manager) => manager.query('select 1')));
  });

  it('who waits is served in turn as soon as one comes free', async () => {
    const slow = hold('user-1', POOL_SIZE / 2);
    await slow.started;
    const waiting = as(() => isolation.transaction((manager) => manager.query<unknown[]>('select 1')));
    await slow.release();
    await expect(waiting).resolves.toHaveLength(1);
  });

  it('all users together leave one to work of nobody: who needs one more waits for theirs', async () => {
    const slow = [hold('user-1', 2), hold('user-2', 1)];
    await Promise.all(slow.map(({ started }) => started));
    const another = isolation.runAs('user-2', () => isolation.transaction((manager) => manager.query('select 1')));
    await expect(another).rejects.toMatchObject({
      driverError: { message: expect.stringContaining('this user holds 1, all users together 3') },
    });
    expect(await dataSource.query<unknown[]>('select 1')).toHaveLength(1);
    await Promise.all(slow.map(({ release }) => release()));
  });

  it('work of no user is not bounded', async () => {
    const runners = Array.from({ length: POOL_SIZE }, () => dataSource.createQueryRunner());
    await Promise.all(runners.map((runner) => runner.query('select 1')));
    await Promise.all(runners.map((runner) => runner.release()));
  });
});
