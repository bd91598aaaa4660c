import { randomUUID } from 'node:crypto';
import pg from 'pg';
import request from 'supertest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { createTestApp, type TestApp, type TestUser } from './app.ts';
import { createLibrary, LibraryModule } from './database-errors.ts';

/** Stands in every value that is sent: it must come back in no answer and no line of the log. */
const SECRET = 'hunter2';
const SHELF = randomUUID();

let database: TestDatabase;
let owner: pg.Client;
let api: TestApp;
let ada: TestUser;

beforeAll(async () => {
  database = await createTestDatabase('app');
  await createLibrary(database.ownerUrl);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  api = await createTestApp({ database, modules: [LibraryModule], env: { STATEMENT_TIMEOUT_MS: '500' } });
  ada = await api.signUp('Ada');
  await send('post', '/shelves', { id: SHELF, name: `Of ${SECRET}` }).expect(201);
  const book = {
    title: `First ${SECRET}`,
    shortCode: 'A1',
    isbn: `I-${SECRET}`,
    place: '[1,10)',
    slot: 1,
    shelfId: SHELF,
  };
  await send('post', '/books', book).expect(201);
});
afterAll(async () => {
  await owner.end();
  await api.close();
  await database.drop();
});

const send = (method: 'get' | 'post' | 'patch' | 'delete', path: string, body?: object): request.Test =>
  request(api.url)[method](`/api${path}`).set('authorization', ada.bearer).send(body);
const linesOf = (response: request.Response): string[] =>
  api.logs.filter((line) => line.includes(response.body.requestId));
const lineOf = (response: request.Response): Record<string, unknown> =>
  linesOf(response)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .find(({ errorName }) => errorName !== undefined) ?? {};

/** An answer's meaning, after a look at what must never be in it. */
const meaningOf = (response: request.Response): object => {
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(response.text).not.toContain(SECRET);
  expect(linesOf(response).join('\n')).not.toContain(SECRET);
  const { status, code, errors } = response.body;
  return { status, code, pointers: (errors ?? []).map(({ pointer }: { pointer: string }) => pointer) };
};

describe('a refused row has a meaning, and names the property', () => {
  const conflict = (...pointers: string[]): object => ({ status: 409, code: 'conflict', pointers });
  const invalid = (...pointers: string[]): object => ({ status: 400, code: 'validation_failed', pointers });

  it.each([
    ['a unique index over a generated column', { title: `first ${SECRET.toUpperCase()}` }, conflict('/title')],
    ['a unique index over an expression', { title: SECRET, isbn: `i-${SECRET}` }, conflict('/isbn')],
    [
      'a unique constraint over several',
      { title: SECRET, shortCode: 'A1', shelfId: SHELF },
      conflict('/shortCode', '/shelfId'),
    ],
    ['a deferred unique constraint', { title: SECRET, slot: 1 }, conflict('/slot')],
    ['an exclusion', { title: SECRET, place: '[5,6)' }, conflict('/place')],
    [
      'a reference to nothing',
      { title: SECRET, shelfId: randomUUID() },
      { status: 422, code: 'unknown_reference', pointers: ['/shelfId'] },
    ],
    ['a check', { title: SECRET, pages: 0 }, invalid('/pages')],
    ['null where a value is needed', { title: null, isbn: SECRET }, invalid('/title')],
    ['nothing where a value is needed', { isbn: SECRET }, invalid('')],
    ['a number out of range', { title: SECRET, pages: 9_999_999_999 }, invalid()],
    ['a number that is none', { title: SECRET, pages: SECRET }, invalid()],
    ['text that is too long', { title: SECRET, shortCode: `${SECRET}${SECRET}` }, invalid()],
    ['a date that is none', { title: SECRET, published: SECRET }, invalid()],
    ['a date beyond the calendar', { title: SECRET, published: '2030-02-31' }, invalid()],
    ['a time in no time zone', { title: SECRET, lent: `2030-01-01 Mars/${SECRET}` }, invalid()],
    ['an unknown value of an enum', { title: SECRET, genre: SECRET }, invalid()],
    ['an id that is no uuid', { id: SECRET, title: SECRET }, invalid()],
    ['a range the wrong way round', { title: SECRET, place: '[9,1)' }, invalid()],
    [
      'text too large for an index',
      { title: SECRET, isbn: Array.from({ length: 9_000 }, randomUUID).join('') },
      invalid(),
    ],
  ])('%s', async (_name, body, meaning) => {
    for (const path of ['/books', '/books/in-a-transaction'])
      expect(meaningOf(await send('post', path, body))).toEqual(meaning);
  });

  it('in a change: the property that was sent, and not what stays as it is', async () => {
    const id = randomUUID();
    await send('post', '/books', { id, title: 'Second', shelfId: SHELF, shortCode: 'B2' }).expect(201);
    expect(meaningOf(await send('patch', `/books/${id}`, { shortCode: 'A1' }))).toEqual(conflict('/shortCode'));
    expect(meaningOf(await send('patch', `/books/${SECRET}`, { shortCode: 'A1' }))).toEqual(invalid());
  });

  it('by TypeORM’s save', async () => {
    expect(meaningOf(await send('post', '/books/by-save', { title: `First ${SECRET}` }))).toEqual(conflict('/title'));
  });

  it('the same row twice in one statement', async () => {
    expect(meaningOf(await send('post', '/books/twice', { id: randomUUID(), title: SECRET }))).toEqual(conflict());
  });

  it('what others refer to cannot be removed', async () => {
    expect(meaningOf(await send('delete', `/shelves/${SHELF}`))).toEqual(conflict());
  });

  it('a value of a query that PostgreSQL refuses', async () => {
    expect(meaningOf(await send('get', '/books?limit=-1'))).toEqual(invalid());
    expect(meaningOf(await send('get', `/books?limit=${SECRET}`))).toEqual(invalid());
  });

  it('what must be there and is not', async () => {
    expect(meaningOf(await send('get', `/books/${randomUUID()}`))).toEqual({
      status: 404,
      code: 'not_found',
      pointers: [],
    });
  });

  it('a row of another user', async () => {
    const response = await send('post', '/books/for-another', { title: SECRET, owner: (await api.signUp()).id });
    expect(meaningOf(response)).toEqual({ status: 403, code: 'forbidden', pointers: [] });
  });

  it('a constraint that is younger than the application', async () => {
    await owner.query('create unique index book_pages on book (user_id, pages)');
    await send('post', '/books', { title: 'Third', pages: 7 }).expect(201);
    expect(meaningOf(await send('post', '/books', { title: 'Fourth', pages: 7 }))).toEqual(conflict('/pages'));
  });

  it('a session that outlives its user', async () => {
    const gone = await api.signUp();
    await request(api.url).get('/api/me').set('authorization', gone.bearer).expect(200);
    await owner.query('alter table session disable trigger user; alter table "user" disable trigger user');
    await owner.query('delete from "user" where id = $1', [gone.id]);
    await owner.query('alter table session enable trigger user; alter table "user" enable trigger user');
    const response = await request(api.url)
      .post('/api/books')
      .set('authorization', gone.bearer)
      .send({ title: SECRET });
    expect(meaningOf(response)).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(response.headers['www-authenticate']).toMatch(/^Bearer /);
  });
});

describe('in a batch', () => {
  const batch = (...operations: object[]): request.Test => send('post', '/tasks/batch', { operations });

  it('the operation is named, and its property', async () => {
    await owner.query('create unique index task_title on task (user_id, title_key)');
    await owner.query(`alter table task add constraint task_keeps_one check (title <> 'One' or deleted_at is null)`);
    const tasks = await batch(
      { op: 'create', task: { title: 'One' } },
      { op: 'create', task: { title: 'Two' } },
    ).expect(200);
    const [one, two] = tasks.body.data.map(({ id }: { id: string }) => id) as [string, string];
    const third = { op: 'create', task: { title: 'Three' } };

    const created = meaningOf(await batch(third, { op: 'create', task: { title: 'ONE' } }));
    expect(created).toEqual({ status: 409, code: 'conflict', pointers: ['/operations/1/task/title'] });
    const changed = meaningOf(await batch(third, { op: 'update', id: two, changes: { title: 'one' } }));
    expect(changed).toEqual({ status: 409, code: 'conflict', pointers: ['/operations/1/changes/title'] });
    const removed = meaningOf(await batch(third, { op: 'delete', id: one }));
    expect(removed).toEqual({ status: 400, code: 'validation_failed', pointers: ['/operations/1/id'] });
    const { body } = await send('get', '/tasks').expect(200);
    expect(body.data).toHaveLength(2);
  });
});

describe('work that can be retried', () => {
  it('a time limit is called one, in the answer and in the log', async () => {
    const response = await send('post', '/books/slow', {});
    expect(meaningOf(response)).toEqual({ status: 503, code: 'time_limit', pointers: [] });
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
    expect(lineOf(response)).toMatchObject({
      msg: expect.stringContaining('time limit'),
      sqlState: '57014',
      statement: 'select pg_sleep(?)',
    });
  });

  it('a longer limit asked for by name', async () => {
    await send('post', '/books/slow-by-name', {}).expect(201);
  });

  it('a deadlock', async () => {
    await owner.query(
      `create function deadlock() returns trigger language plpgsql as $$ begin raise deadlock_detected; end $$`,
    );
    await owner.query(`create trigger deadlock before insert on shelf for each row execute function deadlock()`);
    const response = await send('post', '/shelves', { name: SECRET });
    expect(meaningOf(response)).toEqual({ status: 503, code: 'transaction_conflict', pointers: [] });
    expect(response.headers['retry-after']).toBeDefined();
    await owner.query('drop trigger deadlock on shelf');
  });
});

describe('the log leads to the statement', () => {
  it('of a row that was refused: statement, code, names and where it was sent from', async () => {
    const response = await send('post', '/books', { title: `First ${SECRET}` }).expect(409);
    expect(lineOf(response)).toMatchObject({
      level: 30,
      code: 'conflict',
      errorName: 'QueryFailedError',
      sqlState: '23505',
      table: 'book',
      constraint: 'book_title',
      statement: expect.stringMatching(/^INSERT INTO "book"\(.*\$1/),
      stack: expect.stringContaining('BooksController.create'),
    });
  });

  it('of one whose values are in the SQL: they are struck out', async () => {
    const response = await send('post', '/books/by-hand', { title: `it's ${SECRET}` });
    expect(meaningOf(response)).toMatchObject({ status: 500 });
    expect(lineOf(response)).toMatchObject({
      sqlState: '42601',
      statement: expect.stringMatching(/^insert into book/),
    });
    const enumValue = await send('post', '/books/by-hand', { title: SECRET });
    expect(meaningOf(enumValue)).toMatchObject({ status: 400 });
    expect(lineOf(enumValue)).toMatchObject({ statement: "insert into book (title, genre) values ('?', '?')" });
  });

  it('of a privilege that is missing: ours to mend, so 500', async () => {
    const response = await send('post', '/books/forbidden-table', {});
    expect(meaningOf(response)).toMatchObject({ status: 500, code: 'internal_error' });
    expect(lineOf(response)).toMatchObject({ level: 50, sqlState: '42501', statement: 'select * from account' });
  });

  it('an unexpected error tells the client nothing, and the log everything, which a test prints', async () => {
    const shown = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const response = await send('post', '/books/boom', { title: 'this' });
    expect(response.body).toEqual({
      type: 'urn:problem:internal_error',
      title: 'Internal Server Error',
      status: 500,
      detail: expect.not.stringContaining('nobody'),
      code: 'internal_error',
      requestId: response.headers['x-request-id'],
    });
    expect(lineOf(response)).toMatchObject({
      level: 50,
      errorName: 'TypeError',
      stack: expect.stringMatching(/nobody expected this\n.*BooksController\.boom/s),
    });
    expect(shown.mock.calls.flat().join('\n')).toContain('nobody expected this');
    shown.mockRestore();
  });
});

it('every route that writes says so in the OpenAPI document, those of teams included', () => {
  const { paths } = api.contract.document;
  for (const path of ['/api/tasks', '/api/tasks/batch', '/api/books']) {
    expect(Object.keys(paths[path]?.post?.responses ?? {})).toEqual(
      expect.arrayContaining(['400', '409', '422', '503']),
    );
  }
  expect(Object.keys(paths['/api/tasks/{id}']?.delete?.responses ?? {})).toContain('409');
  expect(Object.keys(paths['/api/tasks']?.get?.responses ?? {})).not.toContain('409');
});
