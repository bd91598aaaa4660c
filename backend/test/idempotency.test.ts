import { randomUUID } from 'node:crypto';
import {
  createIsolatedDataSource,
  type IsolatedDataSource,
  Isolation,
  OwnedRepository,
} from '@session-guard/isolation';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { IdempotencyKeyEntity } from '../src/idempotency/idempotency-key.entity.ts';
import { type Answer, IdempotencyService } from '../src/idempotency/idempotency.service.ts';

let database: TestDatabase;
let owner: pg.Client;
let dataSource: IsolatedDataSource;
let isolation: Isolation;
let service: IdempotencyService;

beforeAll(async () => {
  database = await createTestDatabase('app');
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query(
    'insert into "user" (id, name, email, "emailVerified") ' +
      "values ('ada', 'Ada', 'ada@example.com', true), ('ben', 'Ben', 'ben@example.com', true)",
  );
  dataSource = await createIsolatedDataSource({
    type: 'postgres',
    url: database.apiUrl,
    entities: [IdempotencyKeyEntity],
    extra: { max: 6 },
    installExtensions: false,
  });
  await dataSource.initialize();
  isolation = new Isolation(dataSource);
  service = new IdempotencyService(new OwnedRepository(IdempotencyKeyEntity, dataSource.manager), isolation);
});
beforeEach(() => owner.query('delete from idempotency_key'));
afterAll(async () => {
  await dataSource.destroy();
  await owner.end();
  await database.drop();
});

const KEY = 'a-key';
const REQUEST = ['createTask', { title: 'Once' }];

/** Work that counts how often it is done, and says so in its answer. */
function counter() {
  let done = 0;
  const work = async (): Promise<Answer<{ done: number }>> => ({
    body: { done: (done += 1) },
    headers: { location: `/tasks/${done}` },
  });
  return { work, done: () => done };
}

function deferred<T>() {
  let settle: { resolve: (value: T) => void; reject: (reason: Error) => void } | undefined;
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
  return { promise, resolve: (value: T) => settle?.resolve(value), reject: (reason: Error) => settle?.reject(reason) };
}

/** Work that goes on until it is told how it ends. */
function held() {
  const begun = deferred<void>();
  const end = deferred<Answer<object>>();
  return { begun: begun.promise, end, work: () => (begun.resolve(), end.promise) };
}

type Way = 'once' | 'onceInTransaction';
const WAYS: Way[] = ['once', 'onceInTransaction'];

interface Asked {
  key?: string;
  request?: unknown[];
  user?: string;
  way?: Way;
}

function ask(
  work: () => Promise<Answer<object>>,
  { key = KEY, request = REQUEST, user = 'ada', way = 'once' }: Asked = {},
): Promise<Answer<object>> {
  return isolation.runAs(user, () => service[way](key, request, work));
}

const age = (interval: string, key = KEY) =>
  owner.query('update idempotency_key set created_at = now() - $1::interval where key = $2', [interval, key]);
const keysKept = async () =>
  (await owner.query<{ key: string }>('select key from idempotency_key order by key')).rows.map(({ key }) => key);
const conflict = {
  status: 409,
  headers: { 'retry-after': '1' },
  response: { code: 'idempotency_in_flight', detail: 'A request with this Idempotency-Key is still being processed.' },
};

describe.each(WAYS)('%s', (way) => {
  it('a copy gets the first answer, its headers included, and the work is done once', async () => {
    const { work, done } = counter();
    const first = await ask(work, { way });
    expect(first).toEqual({ body: { done: 1 }, headers: { location: '/tasks/1' } });
    expect(await ask(work, { way })).toEqual(first);
    expect(done()).toBe(1);
  });

  it('an answer without a body is kept as one', async () => {
    let done = 0;
    const work = async (): Promise<Answer<undefined>> => ({ body: void (done += 1), headers: {} });
    const send = () => isolation.runAs('ada', () => service[way](KEY, REQUEST, work));
    expect(await send()).toEqual({ body: undefined, headers: {} });
    expect(await send()).toStrictEqual({ body: undefined, headers: {} });
    expect(done).toBe(1);
  });

  it('without a key the work is done each time, and nothing is kept', async () => {
    const { work, done } = counter();
    for (let turn = 0; turn < 2; turn += 1) await isolation.runAs('ada', () => service[way](undefined, REQUEST, work));
    expect(done()).toBe(2);
    expect(await keysKept()).toEqual([]);
  });

  it('work that fails leaves its key for a corrected request, and its error passes', async () => {
    const failure = new Error('refused');
    await expect(ask(() => Promise.reject(failure), { way })).rejects.toBe(failure);
    expect(await keysKept()).toEqual([]);
    expect(await ask(counter().work, { way, request: ['createTask', { title: 'Corrected' }] })).toMatchObject({
      body: { done: 1 },
    });
  });

  it('an error of the work passes also where its key can’t be given back', async () => {
    const failure = new Error('refused');
    const work = async (): Promise<Answer<object>> => {
      await owner.query('alter table idempotency_key rename to away');
      throw failure;
    };
    try {
      await expect(ask(work, { way })).rejects.toBe(failure);
    } finally {
      await owner.query('alter table away rename to idempotency_key');
    }
    expect(await keysKept()).toEqual([KEY]);
  });

  it('a copy waits for the one at work, and gets its answer', async () => {
    const first = held();
    const { work, done } = counter();
    const answers = [ask(first.work, { way })];
    await first.begun;
    answers.push(ask(work, { way }));
    first.end.resolve({ body: { first: true }, headers: {} });
    expect(await Promise.all(answers)).toEqual([
      { body: { first: true }, headers: {} },
      { body: { first: true }, headers: {} },
    ]);
    expect(done()).toBe(0);
  });
});

it('a copy gives up after a moment, with 409 that says when to come back', async () => {
  const first = held();
  const answer = ask(first.work);
  await first.begun;
  await age('50 seconds');
  const start = performance.now();
  await expect(ask(counter().work)).rejects.toMatchObject(conflict);
  expect(performance.now() - start).toBeGreaterThan(1_400);
  first.end.resolve({ body: {}, headers: {} });
  await answer;
});

it.each(['!', '~', 'x'.repeat(255), '"quoted"'])('the key %j will do', async (key) => {
  await ask(counter().work, { key });
  expect(await keysKept()).toEqual([key]);
});

it.each(['', ' ', 'a b', ' a', 'a ', 'a\n', '\u007f', 'ä', 'x'.repeat(256)])(
  'the key %j is refused, and named',
  async (key) => {
    const { work, done } = counter();
    await expect(ask(work, { key })).rejects.toMatchObject({
      status: 400,
      response: {
        errors: [{ pointer: '/headers/idempotency-key', message: 'must be 1 to 255 visible ASCII characters' }],
      },
    });
    expect(done()).toBe(0);
  },
);

describe('what makes the same request', () => {
  const body = { title: 'x', nested: { b: [1, 2], a: null } };

  it.each<[what: string, request: unknown[]]>([
    ['properties in another order, at any depth', ['a', { nested: { a: null, b: [1, 2] }, title: 'x' }]],
    ['a property without a value', ['a', { ...body, more: undefined }]],
  ])('the same: %s', async (_what, request) => {
    const { work, done } = counter();
    await ask(work, { request: ['a', body] });
    await ask(work, { request });
    expect(done()).toBe(1);
  });

  it.each<[what: string, request: unknown[]]>([
    ['another route', ['b', body]],
    ['another value', ['a', { ...body, title: 'y' }]],
    ['null for an object', ['a', { ...body, nested: null }]],
    ['items in another order', ['a', { ...body, nested: { a: null, b: [2, 1] } }]],
    ['an object for a list', ['a', { ...body, nested: { a: null, b: { 0: 1, 1: 2 } } }]],
  ])('another, which is 422: %s', async (_what, request) => {
    await ask(counter().work, { request: ['a', body] });
    await expect(ask(counter().work, { request })).rejects.toMatchObject({
      status: 422,
      response: {
        code: 'idempotency_key_reused',
        detail: 'This Idempotency-Key was used with another request: use a new key for a new request.',
      },
    });
  });

  it('another is told at once, while the first is still at work', async () => {
    const first = held();
    const answer = ask(first.work);
    await first.begun;
    await expect(ask(counter().work, { request: ['else'] })).rejects.toMatchObject({ status: 422 });
    first.end.resolve({ body: {}, headers: {} });
    await answer;
  });

  it('another user’s same key is another key', async () => {
    const { work, done } = counter();
    for (const user of ['ada', 'ben']) await ask(work, { user });
    expect(done()).toBe(2);
  });
});

describe('time', () => {
  it('an answer is kept for a day, and then its key is new', async () => {
    const { work, done } = counter();
    await ask(work);
    await age('23 hours 59 minutes');
    await ask(work);
    expect(done()).toBe(1);
    await age('24 hours 1 minute');
    // Also for another request.
    expect(await ask(work, { request: ['else'] })).toMatchObject({ body: { done: 2 } });
    expect(await ask(work, { request: ['else'] })).toMatchObject({ body: { done: 2 } });
  });

  it('keys older than a day go with the next request of their user', async () => {
    for (const key of ['old', 'younger']) await ask(counter().work, { key });
    await ask(counter().work, { key: 'of-ben', user: 'ben' });
    for (const key of ['old', 'of-ben']) await age('25 hours', key);
    await age('23 hours', 'younger');
    await ask(counter().work, { key: 'next' });
    expect(await keysKept()).toEqual(['next', 'of-ben', 'younger']);
  });

  it.each(WAYS)(
    'a key whose work did not end in a minute is free, and what the new holder answered stays: %s',
    async (way) => {
      const first = held();
      const abandoned = ask(first.work, { way });
      await first.begun;
      await age('61 seconds');
      const taken = await ask(counter().work, { way });
      expect(taken).toMatchObject({ body: { done: 1 } });
      first.end.reject(new Error('too late'));
      await expect(abandoned).rejects.toThrow('too late');
      expect(await ask(counter().work, { way })).toEqual(taken);
    },
  );

  it('whoever fails late does not give back the key of who took it over', async () => {
    const [first, second] = [held(), held()];
    const abandoned = ask(first.work);
    await first.begun;
    await age('61 seconds');
    const answer = ask(second.work);
    await second.begun;
    first.end.reject(new Error('too late'));
    await expect(abandoned).rejects.toThrow('too late');
    expect(await keysKept()).toEqual([KEY]);
    second.end.resolve({ body: { second: true }, headers: {} });
    await answer;
    expect(await ask(counter().work)).toMatchObject({ body: { second: true } });
  });

  it('an answer that comes after its key was taken over is not kept', async () => {
    const first = held();
    const late = ask(first.work);
    await first.begun;
    await age('61 seconds');
    const taken = await ask(counter().work);
    first.end.resolve({ body: { late: true }, headers: {} });
    expect(await late).toMatchObject({ body: { late: true } });
    expect(await ask(counter().work)).toEqual(taken);
  });

  it('in a transaction, what was done for a key that was taken over is undone', async () => {
    const first = held();
    const work = async (): Promise<Answer<object>> => {
      await dataSource.query(`insert into idempotency_key (key, fingerprint) values ('a-row', 'x')`);
      return first.work();
    };
    const late = ask(work, { way: 'onceInTransaction' });
    await first.begun;
    await age('61 seconds');
    const taken = await ask(counter().work);
    first.end.resolve({ body: { late: true }, headers: {} });
    await expect(late).rejects.toMatchObject(conflict);
    expect(await keysKept()).toEqual([KEY]);
    expect(await ask(counter().work)).toEqual(taken);
  });
});

it('in a transaction, rows and answer are committed together: what fails leaves neither', async () => {
  const write = async (): Promise<void> =>
    void (await dataSource.query(`insert into idempotency_key (key, fingerprint) values ($1, 'x')`, [
      `row ${randomUUID()}`,
    ]));
  await expect(
    ask(async () => (await write(), Promise.reject(new Error('refused'))), { way: 'onceInTransaction' }),
  ).rejects.toThrow('refused');
  expect(await keysKept()).toEqual([]);
  await ask(async () => (await write(), { body: {}, headers: {} }), { way: 'onceInTransaction' });
  expect(await keysKept()).toEqual([KEY, expect.stringMatching(/^row /)]);
});
