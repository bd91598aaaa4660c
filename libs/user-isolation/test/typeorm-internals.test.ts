import { DataSource } from 'typeorm';
import type { TestDatabase } from '../../../test/database.ts';
import {
  aliasOf,
  checkOut,
  isReplicated,
  PooledQueryRunner,
  poolOf,
  PostgresQueryRunner,
  SoftDeleteQueryBuilder,
} from '../src/database/typeorm-internals.ts';
import { createNotes, Note } from './note.ts';

/** What to look at when a new version of TypeORM fails here: libs/user-isolation/src/database/typeorm-internals.ts. */
describe('what is used of TypeORM without being documented', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  class Runner extends PooledQueryRunner {
    readonly returned: unknown[] = [];
    take = () => this.takeFromPool((reason) => this.returned.push(reason));
    close = (reason: Error) => this.closeConnection(reason);
  }

  beforeAll(async () => (database = await createNotes({ users: 1, notes: 1 })));
  afterAll(() => database.drop());
  beforeEach(async () => {
    dataSource = await new DataSource({
      type: 'postgres',
      url: database.apiUrl,
      entities: [Note],
      installExtensions: false,
      extra: { max: 2 },
    }).initialize();
  });
  afterEach(() => dataSource.destroy());

  it('a data source shows the pool of its primary, and that it has no other', async () => {
    expect(poolOf(dataSource).options.max).toBe(2);
    expect((await poolOf(dataSource).query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect(isReplicated(dataSource)).toBe(false);
  });

  it('a connection comes out of the pool, and goes back into it or is closed', async () => {
    const [client, release] = await checkOut(dataSource);
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect(poolOf(dataSource)).toMatchObject({ totalCount: 1, idleCount: 0 });
    release();
    expect(poolOf(dataSource)).toMatchObject({ totalCount: 1, idleCount: 1 });
    const [, close] = await checkOut(dataSource);
    close(new Error('of no more use'));
    expect(poolOf(dataSource)).toMatchObject({ totalCount: 0 });
  });

  it('a runner says when its connection goes back', async () => {
    const runner = new Runner(dataSource, 'master');
    await runner.take();
    expect(poolOf(dataSource)).toMatchObject({ totalCount: 1, idleCount: 0 });
    await runner.release();
    expect(runner.returned).toEqual([undefined]);
    expect(runner.isReleased).toBe(true);
    expect(poolOf(dataSource)).toMatchObject({ totalCount: 1, idleCount: 1 });
  });

  it('a runner closes its connection for a reason, and says so', async () => {
    const reason = new Error('left in a transaction');
    const runner = new Runner(dataSource, 'master');
    await runner.take();
    await runner.close(reason);
    expect(runner.returned).toEqual([reason]);
    expect(runner.isReleased).toBe(true);
    expect(poolOf(dataSource)).toMatchObject({ totalCount: 0 });
  });

  it('a runner says when its connection broke', async () => {
    const runner = new Runner(dataSource, 'master');
    const client = await runner.take();
    const ended = new Promise((resolve) => client.once('end', resolve));
    await client.query('select pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
    await ended;
    expect(runner.returned).toEqual([expect.objectContaining({ message: expect.stringMatching(/terminat/) })]);
  });

  it('a data source makes its runners and builders of these classes', () => {
    expect(dataSource.createQueryRunner()).toBeInstanceOf(PostgresQueryRunner);
    expect(dataSource.createQueryBuilder(Note, 'note').softDelete()).toBeInstanceOf(SoftDeleteQueryBuilder);
  });

  it('columns and tables have the names here that they have in queries', () => {
    const long = 'a'.repeat(80);
    const sql = dataSource.createQueryBuilder(Note, long).getQuery();
    expect(sql).toContain(`"${aliasOf(dataSource.driver, aliasOf(dataSource.driver, long), 'id')}"`);
    expect(dataSource.createQueryBuilder(Note, 'note').getQuery()).toContain(
      `"${aliasOf(dataSource.driver, 'note', 'user_id')}"`,
    );
    expect(aliasOf(dataSource.driver, 'note')).toBe('note');
  });
});
