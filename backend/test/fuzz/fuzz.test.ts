import fc from 'fast-check';
import request from 'supertest';
import { createTestApp, type TestApp, type TestUser } from '../app.ts';
import { requests, type FuzzRequest } from './request.arbitrary.ts';
import { nastyText } from './schema.arbitrary.ts';

/** Requests of one run; `FUZZ_REQUESTS` changes it, `FUZZ_SEED` repeats one. */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 20_000);
/** As many as one user may have connections: nobody is told to wait, however busy the machine. */
const TOGETHER = 5;
let api: TestApp;
let ada: TestUser;
let ben: TestUser;
let ids: string[];

beforeAll(async () => {
  // A write waits for a batch of the same user. How long it may is another test's business.
  api = await createTestApp({ env: { LOG_LEVEL: 'error', STATEMENT_TIMEOUT_MS: '60000' } });
  [ada, ben] = [await api.signUp('Ada'), await api.signUp('Ben')];
  const created = await Promise.all(
    [ada, ada, ada, ben].map((user) =>
      request(api.url).post('/api/tasks').set('authorization', user.bearer).send({ title: 'A task' }),
    ),
  );
  ids = created.map(({ body }) => body.data.id);
});
afterAll(() => api.close());

it(`${REQUESTS} generated requests, valid and broken, signed in or not → no 5xx, all in the contract`, async () => {
  const statuses = new Map<number, number>();
  const send = async ({ method, url, headers, payload }: FuzzRequest): Promise<void> => {
    const { statusCode, body } = await api.app.inject({
      method,
      url,
      headers,
      ...(payload !== undefined && { payload }),
    });
    // Ids that exist stay at hand, although others delete them.
    if (statusCode === 201) ids = Object.assign(ids, { [(statuses.get(201) ?? 0) % 20]: JSON.parse(body).data.id });
    statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
    if (statusCode >= 500) throw new Error(`${method} ${url} → ${statusCode} ${body}\n${api.logs.at(-1) ?? ''}`);
  };
  const property = fc.asyncProperty(
    fc.array(requests(api.contract.document, credentials(), ids), { minLength: TOGETHER, maxLength: TOGETHER }),
    async (batch) => {
      await Promise.all(batch.map(send));
      api.contract.assert();
    },
  );
  const seed = process.env['FUZZ_SEED'];
  await fc.assert(property, {
    numRuns: Math.ceil(REQUESTS / TOGETHER),
    endOnFailure: seed === undefined,
    ...(seed !== undefined && { seed: Number(seed) }),
  });
  const total = [...statuses.values()].reduce((sum, count) => sum + count, 0);
  expect(total).toBeGreaterThanOrEqual(REQUESTS);
  // It must not have been turned away at the door: what succeeds and each kind of refusal were reached.
  if (REQUESTS >= 5_000)
    for (const status of [200, 201, 204, 304, 400, 401, 403, 404, 412, 415, 422])
      expect(statuses.get(status) ?? 0).toBeGreaterThan(0);
  console.info(
    `fuzz: ${total} requests; ${[...statuses]
      .toSorted(([a], [b]) => a - b)
      .map(([status, count]) => `${status}: ${count}`)
      .join(', ')}`,
  );
}, 600_000);

function credentials(): fc.Arbitrary<Record<string, string>> {
  const of = ({ bearer, cookie, jwt }: TestUser) =>
    fc.constantFrom<Record<string, string>>(
      { authorization: bearer },
      { authorization: `Bearer ${jwt}` },
      { cookie, origin: 'http://localhost:3000' },
      { cookie },
    );
  return fc.oneof(
    { weight: 8, arbitrary: of(ada) },
    { weight: 4, arbitrary: of(ben) },
    { weight: 1, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: nastyText.map((text) => ({ authorization: `Bearer ${text.replaceAll(/[^\u0020-\u007e]/g, '?')}` })),
    },
    {
      weight: 1,
      arbitrary: nastyText.map((text) => ({
        cookie: `better-auth.session_token=${text.replaceAll(/[^\u0020-\u007e]/g, '?')}`,
      })),
    },
  );
}
