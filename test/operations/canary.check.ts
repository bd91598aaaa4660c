import { createHmac } from 'node:crypto';
import { until } from '../../scripts/processes.ts';
import { createAppBetterAuth, TEST_SECRET } from '../better-auth.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { startApi, type ApiProcess } from './api-process.ts';
import { startCollector, type Collector } from './collector.ts';
import { statusOf } from './browser.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PASSWORD = 'canary-password-4711';

let database: TestDatabase;
let collector: Collector;
let api: ApiProcess;
/** Every credential, whole and in the parts that authenticate somebody. */
const canaries = new Map<string, string>();
let metrics = '';

beforeAll(async () => {
  database = await createTestDatabase('app');
  collector = await startCollector();
  api = await startApi('API', {
    API_DATABASE_URL: database.apiUrl,
    BETTER_AUTH_SECRET: TEST_SECRET,
    BETTER_AUTH_URL: 'http://localhost:3000',
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'trace',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  });
  const auth = createAppBetterAuth({ url: database.ownerUrl });
  const { response, headers } = await auth.api.signUpEmail({
    body: { name: 'Canary', email: 'canary@example.com', password: PASSWORD },
    returnHeaders: true,
  });
  const token = response.token ?? '';
  const signed = headers.get('set-auth-token') ?? '';
  const { token: jwt } = await auth.api.getToken({ headers: new Headers({ authorization: `Bearer ${signed}` }) });
  const forged = `forged-canary-token-0123456789ab.${createHmac('sha256', 'x').update('y').digest('base64')}`;
  for (const [name, value] of Object.entries({
    token,
    signature: signed.split('.').at(-1) ?? '',
    'JWT signature': jwt.split('.')[2] ?? '',
    'JWT claims': jwt.split('.')[1] ?? '',
    password: PASSWORD,
    secret: TEST_SECRET,
    'database password': new URL(database.apiUrl).password,
    'forged token': 'forged-canary-token-0123456789ab',
    'basic credentials': Buffer.from(`canary:${PASSWORD}`).toString('base64'),
  })) {
    canaries.set(name, value);
  }

  const url = `${api.url}/api/me`;
  const traceparent = `00-${TRACE}-b7ad6b7169203331-01`;
  const forms: [Record<string, string>, number, string?][] = [
    [{ authorization: `Bearer ${token}` }, 200],
    [{ authorization: `Bearer ${signed}` }, 200],
    [{ authorization: `bearer ${encodeURIComponent(signed)}` }, 200],
    [{ authorization: `Bearer ${jwt}` }, 200],
    [{ cookie: `better-auth.session_token=${encodeURIComponent(signed)}` }, 200],
    [{ authorization: `Bearer ${forged}` }, 401],
    [{ authorization: `Bearer ${jwt.slice(0, -2)}xx` }, 401],
    [{ authorization: `Basic ${canaries.get('basic credentials')}` }, 401],
    [{ cookie: `better-auth.session_token=${token}` }, 401],
    [{}, 401, `?access_token=${token}&password=${PASSWORD}`],
    [{ 'x-request-id': `${token}!` }, 401],
  ];
  for (const [headers, status, query = ''] of forms)
    expect([headers, (await statusOf(url + query, { ...headers, traceparent })).status]).toEqual([headers, status]);

  const json = { authorization: `Bearer ${token}`, 'content-type': 'application/json', traceparent };
  const post = async (path: string, body: string): Promise<number> =>
    (await fetch(`${api.url}${path}`, { method: 'POST', headers: json, body })).status;
  expect(await post('/api/tasks', JSON.stringify({ title: 'A task' }))).toBe(201);
  expect(await post('/api/tasks', JSON.stringify({ title: 'x', token, password: PASSWORD }))).toBe(400);
  expect(await post('/api/tasks', `{"token":"${token}",`)).toBe(400);
  // Sent to the wrong place: in the path of a route there is, and of one there isn't.
  expect((await statusOf(`${api.url}/api/tasks/${token}`, json)).status).toBe(404);
  expect(await post(`/api/nothing/${token}`, '{}')).toBe(404);

  const answer = await fetch(api.metricsUrl);
  metrics = await answer.text();
  expect(await until(() => collector.spans().filter(({ traceId }) => traceId === TRACE).length > 15, 20_000)).toBe(
    true,
  );
  expect(await api.daemon.stop()).toBe(0);
});
afterAll(async () => {
  await api?.daemon.stop();
  await collector?.stop();
  await database?.drop();
});

it('no credential, in any form, is in the log, the metrics or the traces', () => {
  const dump = { log: api.daemon.output.join('\n'), metrics, traces: collector.bodies.join('\n') };
  expect(dump.log).toContain('"log":"audit"');
  expect(dump.metrics).toContain('session_guard_verdicts_total');
  expect(dump.traces).toContain('SELECT');
  const found = Object.entries(dump).flatMap(([where, text]) =>
    [...canaries]
      .filter(([, value]) =>
        [value, encodeURIComponent(value), Buffer.from(value).toString('base64').replace(/=+$/, '')].some((spelled) =>
          text.includes(spelled),
        ),
      )
      .map(([name]) => `${name} in the ${where}`),
  );
  expect(found).toEqual([]);
});

it("a request's trace leads from the caller to its SQL", () => {
  const spans = collector.spans().filter(({ traceId }) => traceId === TRACE);
  const request = spans.find(({ name }) => name === 'POST /api/tasks');
  expect(request).toMatchObject({ service: 'session-guard-api', parentSpanId: 'b7ad6b7169203331' });
  const statements = spans.filter(({ parentSpanId }) => parentSpanId === request?.spanId);
  expect(statements.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^INSERT task/i));
  // Values travel beside a statement; a span holds their places.
  for (const { attributes } of statements)
    expect(attributes.find(({ key }) => key === 'db.query.text')?.value.stringValue).not.toMatch(/A task/);
});
