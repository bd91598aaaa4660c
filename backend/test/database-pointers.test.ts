import { randomUUID } from 'node:crypto';
import { createIsolatedDataSource, type IsolatedDataSource, Isolation } from '@session-guard/isolation';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { DatabasePointers, type RequestInput } from '../src/http/errors/database-pointers.ts';
import { databaseProblem } from '../src/http/errors/database-problem.ts';
import { PlacedError } from '../src/http/errors/placed.error.ts';
import { problem } from '../src/http/errors/problem.ts';
import { BookEntity, createLibrary, ShelfEntity } from './database-errors.ts';

const SHELF = randomUUID();
let database: TestDatabase;
let owner: pg.Client;
let dataSource: IsolatedDataSource;
let pointers: DatabasePointers;

beforeAll(async () => {
  database = await createTestDatabase('better-auth');
  await createLibrary(database.ownerUrl);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query(
    `insert into "user" (id, name, email, "emailVerified") values ('ada', 'Ada', 'ada@example.com', true)`,
  );
  dataSource = await createIsolatedDataSource({
    type: 'postgres',
    url: database.apiUrl,
    entities: [BookEntity, ShelfEntity],
    extra: { max: 4 },
    installExtensions: false,
  });
  await dataSource.initialize();
  pointers = new DatabasePointers(dataSource);
  await run('insert into shelf (id, name) values ($1, $2)', [SHELF, 'A shelf']);
  await run(`insert into book (title, short_code, slot, shelf_id) values ('First', 'A1', 1, $1)`, [SHELF]);
});
afterAll(async () => {
  await dataSource.destroy();
  await owner.end();
  await database.drop();
});

const run = (sql: string, values: unknown[] = [], user = 'ada') =>
  new Isolation(dataSource).runAs(user, () => dataSource.query(sql, values));
const failureOf = (sql: string, values: unknown[] = [], user = 'ada'): Promise<unknown> =>
  run(sql, values, user).then(
    () => undefined,
    (error: unknown) => error,
  );

const BAD = problem({ status: 400 });
/** The errors that are added to the problem of a failed statement. */
async function errorsOf(error: unknown, input: RequestInput = {}): Promise<unknown> {
  expect(error).toBeInstanceOf(Error);
  const before = databaseProblem(error) ?? BAD;
  const { errors, ...rest } = await pointers.complete(before, error, input);
  expect(rest).toEqual(before);
  return errors;
}

const insert = (values: Record<string, unknown>) =>
  failureOf(
    `insert into book (${Object.keys(values).join(', ')}) values (${Object.keys(values)
      .map((_, index) => `$${index + 1}`)
      .join(', ')})`,
    Object.values(values),
  );

describe('what is said of an input', () => {
  it.each<[string, Record<string, unknown>, RequestInput, unknown]>([
    [
      'a column that must not be null',
      { title: null },
      { body: { title: null } },
      [{ pointer: '/title', message: 'must not be null' }],
    ],
    [
      'a check',
      { title: 'x', pages: 0 },
      { body: { title: 'x', pages: 0 } },
      [{ pointer: '/pages', message: 'is not an allowed value' }],
    ],
    [
      'a reference to nothing',
      { title: 'x', shelf_id: randomUUID() },
      { body: { shelfId: 'x' } },
      [{ pointer: '/shelfId', message: 'names nothing that exists' }],
    ],
    [
      'a value that is taken',
      { title: 'FIRST' },
      { body: { title: 'FIRST' } },
      [{ pointer: '/title', message: 'is taken already' }],
    ],
    [
      'values that are taken together',
      { title: 'x', short_code: 'A1', shelf_id: SHELF },
      { body: { shortCode: 'A1', shelfId: SHELF } },
      [
        { pointer: '/shortCode', message: 'is taken already, in this combination' },
        { pointer: '/shelfId', message: 'is taken already, in this combination' },
      ],
    ],
    // What the constraint looks at besides stays as it is: nothing was sent for it.
    [
      'one of them that was sent',
      { title: 'x', short_code: 'A1', shelf_id: SHELF },
      { body: { shortCode: 'A1' } },
      [{ pointer: '/shortCode', message: 'is taken already, in this combination' }],
    ],
    ['none that was sent', { title: 'FIRST' }, { body: {} }, [{ pointer: '', message: 'is taken already' }]],
    [
      'what was sent as something else than an object',
      { title: 'FIRST' },
      { body: 'title' },
      [{ pointer: '', message: 'is taken already' }],
    ],
    ['nothing sent', { title: 'FIRST' }, { body: null }, [{ pointer: '', message: 'is taken already' }]],
    [
      'a name that every object has',
      { title: 'FIRST' },
      { body: Object.create({ title: 'x' }) as object },
      [{ pointer: '', message: 'is taken already' }],
    ],
  ])('%s', async (_what, values, input, errors) => {
    expect(await errorsOf(await insert(values), input)).toEqual(errors);
  });

  it('an exclusion', async () => {
    await run(`insert into book (title, place) values ('Second', '[1,10)')`);
    expect(await errorsOf(await insert({ title: 'Third', place: '[5,6)' }), { body: { place: '[5,6)' } })).toEqual([
      { pointer: '/place', message: 'conflicts with what is there already' },
    ]);
  });

  it('it is found in the body, then in the path, then in the query', async () => {
    const error = await insert({ title: 'FIRST' });
    expect(await errorsOf(error, { body: {}, params: { title: 'x' }, query: { title: 'x' } })).toMatchObject([
      { pointer: '/path/title' },
    ]);
    expect(await errorsOf(error, { params: { other: 'x' }, query: { title: 'x' } })).toMatchObject([
      { pointer: '/query/title' },
    ]);
    expect(await errorsOf(error, { body: { title: 'x' }, params: { title: 'x' } })).toMatchObject([
      { pointer: '/title' },
    ]);
  });

  it('it is called as the entity calls it, in camel case, or as the column: whatever was sent', async () => {
    const taken = await insert({ title: 'x', short_code: 'A1', shelf_id: SHELF });
    // The entity's relation, nested as it was sent.
    expect(await errorsOf(taken, { body: { shelf: { id: 'x' } } })).toMatchObject([{ pointer: '/shelf/id' }]);
    expect(await errorsOf(taken, { body: { short_code: 'A1' } })).toMatchObject([{ pointer: '/short_code' }]);
    expect(await errorsOf(taken, { body: { shelf_id: 'x', shelfId: 'x' } })).toMatchObject([{ pointer: '/shelfId' }]);
  });

  it('in a part of a request, at its place', async () => {
    const error = await insert({ title: 'FIRST' });
    const input = { body: { title: 'x', operations: [{}, { task: { title: 'FIRST' } }, {}] } };
    expect(await errorsOf(new PlacedError('/operations/1/task', error), input)).toEqual([
      { pointer: '/operations/1/task/title', message: 'is taken already' },
    ]);
    expect(await errorsOf(new PlacedError('/operations/2', error), input)).toEqual([
      { pointer: '/operations/2', message: 'is taken already' },
    ]);
    expect(await errorsOf(new PlacedError('/operations/7/task', error), input)).toEqual([
      { pointer: '/operations/7/task', message: 'is taken already' },
    ]);
  });

  it('what others still refer to is the row as a whole, where that has a place', async () => {
    const error = await failureOf('delete from shelf where id = $1', [SHELF]);
    expect(await errorsOf(error, { params: { id: SHELF } })).toBeUndefined();
    expect(await errorsOf(new PlacedError('/operations/0', error), { body: { operations: [{}] } })).toEqual([
      { pointer: '/operations/0', message: 'is still referred to' },
    ]);
  });

  it('nothing, where the database names neither a column nor a constraint', async () => {
    expect(await errorsOf(await failureOf(`select 1 / 0`))).toBeUndefined();
    expect(
      await errorsOf(await failureOf(`insert into book (title, short_code) values ('x', 'too long')`), {
        body: { shortCode: 'x' },
      }),
    ).toBeUndefined();
    expect(await errorsOf(new Error('x'))).toBeUndefined();
    expect(
      await errorsOf(Object.assign(new Error('x'), { code: '23505', table: 'book', constraint: 'book_slot' })),
    ).toBeUndefined();
    expect(
      await errorsOf(Object.assign(new Error('x'), { code: '23505', schema: 'public', constraint: 'book_slot' })),
    ).toBeUndefined();
    expect(
      await errorsOf(Object.assign(new Error('x'), { code: '23505', schema: 'public', table: 'book' })),
    ).toBeUndefined();
    expect(
      await errorsOf(
        Object.assign(new Error('x'), { code: '23505', schema: 'public', table: 'book', constraint: 'gone' }),
      ),
    ).toBeUndefined();
  });

  it('a code without words of its own cannot be stored', async () => {
    const error = Object.assign(new Error('x'), { code: '22001', schema: 'public', table: 'book', column: 'isbn' });
    expect(await errorsOf(error, { body: { isbn: 'x' } })).toEqual([{ pointer: '/isbn', message: 'cannot be stored' }]);
  });

  it('an entity lends no names to another table', async () => {
    const elsewhere = Object.assign(new Error('x'), {
      code: '23502',
      schema: 'public',
      table: 'elsewhere',
      column: 'shelf_id',
    });
    expect(await errorsOf(elsewhere, { body: { shelf: { id: 'x' } } })).toEqual([
      { pointer: '', message: 'must not be null' },
    ]);
  });
});

describe('whose row it is', () => {
  it('the owner is gone: no user has the id that the row would get', async () => {
    expect(await pointers.isOwnerGone(await failureOf(`insert into shelf (name) values ('x')`, [], 'nobody'))).toBe(
      true,
    );
  });

  it.each<[string, () => Promise<unknown>]>([
    ['another reference to nothing', () => insert({ title: 'x', shelf_id: randomUUID() })],
    ['a conflict', () => insert({ title: 'FIRST' })],
    [
      'an owner left out',
      () =>
        Promise.resolve(
          Object.assign(new Error('x'), { code: '23502', table: 'book', schema: 'public', column: 'user_id' }),
        ),
    ],
    [
      'a constraint that is gone',
      () =>
        Promise.resolve(
          Object.assign(new Error('x'), { code: '23503', table: 'book', schema: 'public', constraint: 'gone' }),
        ),
    ],
    ['no error of the database', () => Promise.resolve(new Error('x'))],
  ])('it is not: %s', async (_what, fail) => {
    expect(await pointers.isOwnerGone(await fail())).toBe(false);
  });

  it('the owner is no input: nothing was sent for it', async () => {
    const error = await failureOf(`insert into shelf (name) values ('x')`, [], 'nobody');
    expect(await errorsOf(error, { body: { userId: 'x' } })).toEqual([
      { pointer: '', message: 'names nothing that exists' },
    ]);
  });
});
