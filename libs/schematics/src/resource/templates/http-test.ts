import type { Field } from '../fields.ts';
import { otherSampleOf, type Resource, sampleOf, wrongSampleOf } from '../resource.ts';
import { literal } from './properties.ts';

/** `<names>.test.ts` */
export function httpTest({ names, fields }: Resource): string {
  const object = (of: (field: Field) => string | number | boolean): string =>
    `{ ${fields.map((field) => `${field.property}: ${literal(of(field))}`).join(', ')} }`;
  const required = fields.filter(({ nullable }) => !nullable);
  const refused = [
    ...fields.map((field) => {
      const [what, value] = wrongSampleOf(field);
      return `    [${quoted(what)}, { ...SAMPLE, ${field.property}: ${value} }, '/${field.property}'],`;
    }),
    ...required.map(
      (field) =>
        `    [${quoted(`no ${field.title}`)}, { ...SAMPLE, ${field.property}: undefined }, '/${field.property}'],`,
    ),
    `    ['a userId', { ...SAMPLE, userId: 'somebody' }, '/userId'],`,
    `    ['an id', { ...SAMPLE, id: MISSING }, '/id'],`,
  ];
  return `import { DataSource } from 'typeorm';
import { Isolation } from '@session-guard/isolation';
import request from 'supertest';
import { createTestApp, type TestApp, type TestUser } from './app.ts';

const SAMPLE = ${object(sampleOf)};
const CHANGES = ${object(otherSampleOf)};
const MISSING = '0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77';

let api: TestApp;
let ada: TestUser;
let ben: TestUser;

beforeAll(async () => {
  api = await createTestApp();
  ada = await api.signUp('Ada');
  ben = await api.signUp('Ben');
});
afterAll(() => api.close());

type Method = 'get' | 'post' | 'patch' | 'delete';
const as = (user: TestUser, method: Method, path = ''): request.Test =>
  request(api.url)[method](\`/api/${names.kebabPlural}\${path}\`).set('authorization', user.bearer);
const create = async (user: TestUser, values: object = SAMPLE) =>
  (await as(user, 'post').send(values).expect(201)).body.data;

describe('POST /api/${names.kebabPlural}', () => {
  it('every property → 201 with Location and ETag, and GET gives the same', async () => {
    const response = await as(ada, 'post').send(SAMPLE).expect(201);
    expect(response.body.data).toMatchObject({ ...SAMPLE, version: 1 });
    expect(response.headers['location']).toBe(\`/api/${names.kebabPlural}/\${response.body.data.id}\`);
    expect(response.headers['etag']).toBe('"1"');
    await as(ada, 'get', \`/\${response.body.data.id}\`).expect(200, response.body);
  });

  it('no credential → 401', async () => {
    await request(api.url).post('/api/${names.kebabPlural}').send(SAMPLE).expect(401);
  });

  it.each([
${refused.join('\n')}
  ])('%s → 400 naming the field', async (_name, body, pointer) => {
    const response = await as(ada, 'post').send(body).expect(400);
    expect(response.body.errors[0].pointer).toBe(pointer);
  });
});

describe('/api/${names.kebabPlural}/:id', () => {
  it('PATCH with the current ETag → 200 and a new one; with a stale one → 412', async () => {
    const { id } = await create(ada);
    const response = await as(ada, 'patch', \`/\${id}\`).set('if-match', '"1"').send(CHANGES).expect(200);
    expect(response.body.data).toMatchObject({ ...CHANGES, id, version: 2 });
    expect(response.headers['etag']).toBe('"2"');
    await as(ada, 'patch', \`/\${id}\`).set('if-match', '"1"').send(CHANGES).expect(412);
  });

  it('PATCH with nothing to change → 400', async () => {
    const { id } = await create(ada);
    await as(ada, 'patch', \`/\${id}\`).send({}).expect(400);
  });

  it('DELETE → 204, then 404', async () => {
    const { id } = await create(ada);
    await as(ada, 'delete', \`/\${id}\`).expect(204);
    await as(ada, 'get', \`/\${id}\`).expect(404);
  });
});

describe('GET /api/${names.kebabPlural}', () => {
  it('page by page → every one once, the newest first', async () => {
    const user = await api.signUp();
    const made: string[] = [];
    for (let index = 0; index < 5; index += 1) made.unshift((await create(user)).id);
    const seen: string[] = [];
    for (let path: string | undefined = '?limit=2'; path !== undefined; ) {
      const { body }: request.Response = await as(user, 'get', path).expect(200);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      path = body.page.nextCursor === null ? undefined : \`?limit=2&cursor=\${body.page.nextCursor}\`;
    }
    expect(seen.toSorted()).toEqual(made.toSorted());
    expect(seen).toHaveLength(5);
  });
});

describe('isolation', () => {
  it("another user's and a missing one → the same 404, and nothing changed", async () => {
    const row = await create(ada);
    for (const method of ['get', 'patch', 'delete'] as const) {
      const send = async (id: string): Promise<object> => {
        const { body } = await as(ben, method, \`/\${id}\`).send(method === 'patch' ? CHANGES : undefined).expect(404);
        return { ...body, requestId: undefined };
      };
      expect(await send(row.id)).toEqual(await send(MISSING));
    }
    await as(ada, 'get', \`/\${row.id}\`).expect(200, { data: row });
  });

  it('lists do not overlap', async () => {
    const mine = await create(ada);
    const theirs = await create(ben);
    const ids = async (user: TestUser): Promise<string[]> =>
      (await as(user, 'get', '?limit=100').expect(200)).body.data.map(({ id }: { id: string }) => id);
    expect(await ids(ada)).toContain(mine.id);
    expect(await ids(ada)).not.toContain(theirs.id);
    expect(await ids(ben)).not.toContain(mine.id);
  });

  it('raw SQL that forgets the owner sees and changes own rows only', async () => {
    const row = await create(ada);
    const isolation = api.app.get(Isolation);
    const dataSource = api.app.get(DataSource);
    const changed = await isolation.runAs(ben.id, () =>
      dataSource.query<[unknown, number]>('update "${names.snake}" set version = version where id = $1', [row.id]));
    expect(changed[1]).toBe(0);
    const rows = await isolation.runAs(ben.id, () =>
      dataSource.query<{ user_id: string }[]>('select user_id from "${names.snake}"'));
    expect(rows.every(({ user_id }) => user_id === ben.id)).toBe(true);
  });
});
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`\'`)}'`;
}
