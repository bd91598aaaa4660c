import pg from 'pg';
import type { TestDatabase } from '../../../test/database.ts';
import {
  AbortedTransactionError,
  Isolation,
  type IsolatedDataSource,
  LateStatementError,
  NoOwnerError,
  OwnerMismatchError,
} from '../src/index.ts';
import { connectAs, createNotes, Note } from './note.ts';

let database: TestDatabase;
let dataSource: IsolatedDataSource;
let isolation: Isolation;

beforeAll(async () => {
  database = await createNotes({ users: 2, notes: 1 });
  dataSource = await connectAs(database.apiUrl, { max: 2 });
  isolation = new Isolation(dataSource);
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});
afterEach(() => asAda(() => dataSource.getRepository(Note).createQueryBuilder().delete().execute()));

const asAda = <T>(work: () => Promise<T>): Promise<T> => isolation.runAs('user-1', work);
const add = (body: string): Promise<unknown> => dataSource.getRepository(Note).insert({ body });
const bodies = async (): Promise<string[]> =>
  (await asAda(() => dataSource.getRepository(Note).find({ order: { body: 'ASC' } }))).map(({ body }) => body);
const failing = async (body: string): Promise<never> => {
  await add(body);
  throw new Error(`no ${body}`);
};
const inner = (body: string): Promise<unknown> => isolation.transaction(() => failing(body)).catch(() => undefined);

beforeEach(() => asAda(() => dataSource.getRepository(Note).createQueryBuilder().delete().execute()));

describe('a transaction inside of another', () => {
  it('that fails and is caught undoes its own half, and the outer one goes on', async () => {
    await asAda(() =>
      isolation.transaction(async () => {
        await add('before');
        await inner('inside');
        await add('after');
      }),
    );
    expect(await bodies()).toEqual(['after', 'before']);
  });

  it('that fails by a refused statement leaves the outer one usable', async () => {
    await asAda(() =>
      isolation.transaction(async () => {
        await add('before');
        await isolation.transaction((manager) => manager.query('select 1 / 0')).catch(() => undefined);
        await add('after');
      }),
    );
    expect(await bodies()).toEqual(['after', 'before']);
  });

  it('three deep, each undoes what is inside of it', async () => {
    await asAda(() =>
      isolation.transaction(async () => {
        await add('1');
        await isolation
          .transaction(async () => {
            await add('2');
            await isolation.transaction(async () => {
              await add('3');
              await inner('4');
              await add('5');
            });
            await inner('6');
            throw new Error('no 2');
          })
          .catch(() => undefined);
        await isolation.transaction(async () => {
          await add('7');
          await inner('8');
        });
      }),
    );
    expect(await bodies()).toEqual(['1', '7']);
  });

  it('that succeeds is undone with the outer one', async () => {
    const outer = asAda(() =>
      isolation.transaction(async () => {
        await isolation.transaction(() => add('inside'));
        throw new Error('no');
      }),
    );
    await expect(outer).rejects.toThrow('no');
    expect(await bodies()).toEqual([]);
  });

  it('gives its error to the outer one, which fails with it when it is not caught', async () => {
    await expect(
      asAda(() => isolation.transaction(() => isolation.transaction(() => failing('inside')))),
    ).rejects.toThrow('no inside');
    expect(await bodies()).toEqual([]);
  });

  it('follows those that were begun together with it', async () => {
    await asAda(() =>
      isolation.transaction(() =>
        Promise.all([
          inner('1'),
          isolation.transaction(() => add('2')),
          inner('3'),
          isolation.transaction(() => add('4')),
        ]),
      ),
    );
    expect(await bodies()).toEqual(['2', '4']);
  });

  it('may be TypeORM’s own', async () => {
    await asAda(() =>
      isolation.transaction(async () => {
        await add('before');
        await dataSource.transaction(() => failing('inside')).catch(() => undefined);
        await add('after');
      }),
    );
    expect(await bodies()).toEqual(['after', 'before']);
  });

  it('that nobody waited for is waited for, and committed or undone with the outer one', async () => {
    await asAda(() =>
      isolation.transaction(async () => {
        void isolation.transaction(async () => {
          await add('1');
          void isolation.transaction(() => add('2'));
        });
        await add('3');
      }),
    );
    expect(await bodies()).toEqual(['1', '2', '3']);
    const undone = asAda(() =>
      isolation.transaction(async () => {
        void isolation.transaction(() => add('4'));
        throw new Error('no');
      }),
    );
    await expect(undone).rejects.toThrow('no');
    expect(await bodies()).toEqual(['1', '2', '3']);
  });

  it('belongs to the same user', async () => {
    const mixed = asAda(() =>
      isolation.transaction(() => isolation.runAs('user-2', () => isolation.transaction(() => add('x')))),
    );
    await expect(mixed).rejects.toThrow(OwnerMismatchError);
  });
});

describe('a statement that fails inside of a transaction', () => {
  it('makes those after it fail, with a message that says what to do, and its code', async () => {
    const aborted = asAda(() =>
      isolation.transaction(async (manager) => {
        await manager.query('select 1 / 0').catch(() => undefined);
        await add('after');
      }),
    );
    await expect(aborted).rejects.toMatchObject({
      code: '25P02',
      message: expect.stringMatching(
        /An earlier statement of this transaction failed.*isolation.transaction\(…\) of its own/,
      ) as unknown,
    });
    expect(await bodies()).toEqual([]);
  });

  it('and is caught does not let the transaction seem committed', async () => {
    const lying = [
      () =>
        isolation.transaction(async (manager) => {
          await add('lost');
          await manager.query('select 1 / 0').catch(() => undefined);
        }),
      () =>
        dataSource.transaction(async (manager) => {
          await manager.insert(Note, { body: 'lost' });
          await manager.query('select 1 / 0').catch(() => undefined);
        }),
      () =>
        isolation.transaction(async (manager) => {
          await add('lost');
          // Not waited for, and not even answered when the work is done.
          void manager.query('select 1 / 0').catch(() => undefined);
        }),
    ];
    for (const work of lying) await expect(asAda(work)).rejects.toThrow(AbortedTransactionError);
    expect(await bodies()).toEqual([]);
  });

  it('and is caught inside of an inner transaction undoes that one alone', async () => {
    await asAda(() =>
      isolation.transaction(async () => {
        await add('kept');
        const seemingly = isolation.transaction(async (manager) => {
          await add('lost');
          await manager.query('select 1 / 0').catch(() => undefined);
        });
        await expect(seemingly).rejects.toThrow(AbortedTransactionError);
      }),
    );
    expect(await bodies()).toEqual(['kept']);
  });
});

describe('a statement that fails, where the network brings the error before the transaction’s new state', () => {
  /** PostgreSQL sends the two as messages of their own, and pg tells the code of the first at once. */
  const client = pg.Client.prototype as unknown as { _handleReadyForQuery(message: unknown): void };
  const original = client._handleReadyForQuery;
  let late: IsolatedDataSource;
  let isolated: Isolation;

  beforeAll(async () => {
    client._handleReadyForQuery = function (message) {
      setTimeout(() => original.call(this, message), 10);
    };
    late = await connectAs(database.apiUrl, { max: 2 });
    isolated = new Isolation(late);
  });
  afterAll(async () => {
    await late.destroy();
    client._handleReadyForQuery = original;
  });

  const write = async (body: string): Promise<void> => {
    await late.getRepository(Note).insert({ body });
    await late.query('select 1 / 0').catch(() => undefined);
  };

  it('and is caught does not let the transaction seem committed', async () => {
    const lying = isolated.runAs('user-1', () => isolated.transaction(() => write('lost')));
    await expect(lying).rejects.toThrow(AbortedTransactionError);
    expect(await isolated.runAs('user-1', () => late.getRepository(Note).count())).toBe(0);
  });

  it('and is caught inside of an inner transaction undoes that one alone, and says so', async () => {
    await isolated.runAs('user-1', () =>
      isolated.transaction(async () => {
        await late.getRepository(Note).insert({ body: 'kept' });
        await expect(isolated.transaction(() => write('lost'))).rejects.toThrow(AbortedTransactionError);
      }),
    );
    expect(await bodies()).toEqual(['kept']);
  });
});

describe('a forgotten await', () => {
  it('a statement after its transaction is refused, and says that an await is missing', async () => {
    let late: Promise<unknown> = Promise.resolve();
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    await asAda(() =>
      isolation.transaction(async () => {
        await add('in time');
        late = gate.then(() => add('late'));
        late.catch(() => undefined);
      }),
    );
    go();
    await expect(late).rejects.toThrow(LateStatementError);
    await expect(late).rejects.toThrow(/an `await` is missing/);
    expect(await bodies()).toEqual(['in time']);
  });

  it('statements begun before a rollback don’t outlive it', async () => {
    const outcomes: Promise<unknown>[] = [];
    const failed = asAda(() =>
      isolation.transaction(async () => {
        const several = async (): Promise<void> => {
          for (let n = 0; n < 20; n += 1) await add(`late ${n}`);
        };
        outcomes.push(several());
        outcomes[0]!.catch(() => undefined);
        throw new Error('no');
      }),
    );
    await expect(failed).rejects.toThrow('no');
    await Promise.allSettled(outcomes);
    expect(await bodies()).toEqual([]);
  });

  it('statements that wait for their turn never reach a connection that serves somebody else by then', async () => {
    const runner = dataSource.createQueryRunner();
    const sent = asAda(() =>
      Promise.allSettled(Array.from({ length: 30 }, () => runner.query('select user_id from note'))),
    );
    await runner.query('select 1').catch(() => undefined);
    await runner.release();
    // Both connections of the pool, each in a transaction of another user.
    const seen = await Promise.all(
      Array.from({ length: 2 }, () =>
        isolation.runAs('user-2', () =>
          isolation.transaction((manager) => manager.query<{ user_id: string }[]>('select user_id from note')),
        ),
      ),
    );
    expect(seen.flat()).toEqual([{ user_id: 'user-2' }, { user_id: 'user-2' }]);
    for (const outcome of await sent) {
      if (outcome.status === 'fulfilled') expect(outcome.value).toEqual([]);
      else expect(outcome.reason).toBeInstanceOf(LateStatementError);
    }
    await expect(asAda(() => runner.query('select 1'))).rejects.toThrow(LateStatementError);
  });
});

describe('a transaction belongs to one user, or to nobody', () => {
  it('code without a user can’t use a user’s', async () => {
    const runner = dataSource.createQueryRunner();
    await asAda(() => runner.startTransaction());
    await expect(runner.query('select * from note')).rejects.toThrow(OwnerMismatchError);
    await expect(isolation.runAs('user-2', () => runner.query('select * from note'))).rejects.toThrow(
      OwnerMismatchError,
    );
    await expect(runner.manager.find(Note)).rejects.toThrow(NoOwnerError);
    await asAda(() => runner.commitTransaction());
    await runner.release();
  });

  it('a user can’t use nobody’s', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await expect(asAda(() => runner.query('select * from note'))).rejects.toThrow(OwnerMismatchError);
    await runner.rollbackTransaction();
    await runner.release();
  });

  it('after it, the same runner serves whoever comes', async () => {
    const runner = dataSource.createQueryRunner();
    await asAda(() => runner.startTransaction());
    await asAda(() => runner.commitTransaction());
    expect(await isolation.runAs('user-2', () => runner.query('select user_id from note'))).toEqual([
      { user_id: 'user-2' },
    ]);
    expect(await runner.query('select user_id from note')).toEqual([]);
    await runner.release();
  });
});
