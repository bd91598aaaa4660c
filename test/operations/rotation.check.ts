import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { freePort } from '../../scripts/ports.ts';
import { ROOT } from '../../scripts/root.ts';
import { until } from '../../scripts/processes.ts';
import { TEST_SECRET } from '../better-auth.ts';
import { startApi, type ApiProcess } from './api-process.ts';
import { newJwt, signIn, signUp, statusOf, type SignedIn } from './browser.ts';
import { startLoad, tally, type Load } from './load.ts';
import { listens, startDaemon, type Daemon } from './programs/daemon.ts';
import { report } from './report.ts';

/** Where a deployment usually begins: one secret without a version. */
const BEFORE = { BETTER_AUTH_SECRET: TEST_SECRET };
/** The single secret stays beside the list: keys encrypted before there were versions are read with it. */
const DURING = {
  BETTER_AUTH_SECRET: TEST_SECRET,
  BETTER_AUTH_SECRETS: `2:the-new-secret-0123456789-abcdefghijkl,1:${TEST_SECRET}`,
};

/** Requests of each kind that must have been answered after a step. */
const ENOUGH = 5;

let database: TestDatabase;
let apis: ApiProcess[];
let auth: Daemon;
let authUrl: string;
let ada: SignedIn;

beforeAll(async () => {
  database = await createTestDatabase('app');
  authUrl = `http://127.0.0.1:${await freePort()}`;
  auth = await startAuth(BEFORE);
  apis = await Promise.all([startOne(BEFORE), startOne(BEFORE)]);
  ada = await signUp(authUrl);
});
afterAll(async () => {
  await Promise.all([auth?.stop(), ...(apis ?? []).map(({ daemon }) => daemon.stop())]);
  await database?.drop();
});

it('rotates BETTER_AUTH_SECRETS and the JWKS key under load without refusing a valid request', async () => {
  let turn = 0;
  const api = (headers: Record<string, string>) => statusOf(`${apis[(turn += 1) % apis.length]?.url}/api/me`, headers);
  const load = startLoad({
    'session token of before': () => api({ authorization: `Bearer ${ada.token}` }),
    'cookie of before': () => api({ cookie: ada.cookie }),
    'JWT of before': () => api({ authorization: `Bearer ${ada.jwt}` }),
    'cookie of before, at Better Auth': () =>
      patient(() => statusOf(`${authUrl}/api/auth/token`, { cookie: ada.cookie })),
    'JWT of this moment': async () => {
      const jwt = await patient(() => newJwt(authUrl, ada.token));
      return api({ authorization: `Bearer ${jwt}` });
    },
    'cookie of this moment': async () => {
      const { cookie } = await patient(() => signIn(authUrl, ada));
      return api({ cookie });
    },
  });
  try {
    await everyKind(load);
    // 1. The verifiers learn of the new secret first, one after the other.
    for (const index of apis.keys()) await replace(index, DURING);
    await everyKind(load);
    // 2. Then Better Auth signs with it.
    await auth.stop();
    auth = await startAuth(DURING);
    await everyKind(load);
    // 3. The key that signs JWTs ends, as with `rotationInterval`; the next JWT has a new one.
    const second = await rotateKey();
    expect(second).toBeGreaterThan(1);
    await everyKind(load);
    expect(await rotateKey()).toBeGreaterThan(second);
    await everyKind(load);
  } finally {
    await load.stop();
  }
  report(
    `rotation of the secret and of two jwks keys under load: ${load.answers.length} requests, ${tally(load.answers)}`,
  );
  expect(load.answers.filter(({ status }) => status !== 200)).toEqual([]);
});

it('a secret that is taken off the list signs nothing any more', async () => {
  const [version2] = DURING.BETTER_AUTH_SECRETS.split(',');
  await replace(0, { BETTER_AUTH_SECRETS: version2 ?? '' });
  const url = `${apis[0]?.url}/api/me`;
  expect(await statusOf(url, { cookie: ada.cookie })).toEqual({ status: 401 });
  const { cookie } = await signIn(authUrl, ada);
  expect(await statusOf(url, { cookie })).toEqual({ status: 200 });
  // The session itself is as good as ever.
  expect(await statusOf(url, { authorization: `Bearer ${ada.token}` })).toEqual({ status: 200 });
});

function startOne(secrets: Record<string, string>): Promise<ApiProcess> {
  return startApi('API', {
    API_DATABASE_URL: database.apiUrl,
    BETTER_AUTH_URL: authUrl,
    RATE_LIMIT: 'off',
    METRICS_PORT: 'off',
    ...secrets,
  });
}

/** The new process serves before the old one is asked to stop: what a rolling deployment does. */
async function replace(index: number, secrets: Record<string, string>): Promise<void> {
  const old = apis[index];
  apis[index] = await startOne(secrets);
  expect(await old?.daemon.stop()).toBe(0);
}

function startAuth(secrets: Record<string, string>): Promise<Daemon> {
  const port = Number(new URL(authUrl).port);
  return startDaemon(
    'Better Auth',
    [process.execPath, '--import', 'tsx', 'test/operations/topology/auth-server.ts'],
    () => listens(port),
    {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'],
        AUTH_PORT: String(port),
        AUTH_URL: authUrl,
        DATABASE_URL: database.ownerUrl,
        ...secrets,
      },
    },
  );
}

/**
 * Better Auth is one process here and away while it is replaced: waits for it, as a balancer with two would not need
 * to.
 */
async function patient<T>(ask: () => Promise<T>): Promise<T> {
  let last: unknown;
  let answer: { value: T } | undefined;
  await until(async () => {
    try {
      answer = { value: await ask() };
      return true;
    } catch (error) {
      last = error;
      // By its name: fetch's errors come from another realm than Jest's. Nothing else is waited for.
      return (error as Error).name !== 'TypeError';
    }
  }, 120_000);
  if (!answer) throw last instanceof Error ? last : new Error('Better Auth gave no answer');
  return answer.value;
}

/** @returns keys there are now: at least one more, as requests at the same moment may each make one */
async function rotateKey(): Promise<number> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    await client.query(
      `update jwks set "expiresAt" = now() - interval '1 second' where "expiresAt" is null or "expiresAt" > now()`,
    );
    await newJwt(authUrl, ada.token);
    return (await client.query('select from jwks')).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

/** Waits until every kind of request was sent and answered often enough from now on. */
async function everyKind(load: Load): Promise<void> {
  const from = load.now();
  const counts = (): Map<string, number> => {
    const seen = new Map<string, number>();
    for (const { name, at } of load.answers) if (at > from) seen.set(name, (seen.get(name) ?? 0) + 1);
    return seen;
  };
  expect(
    await until(() => counts().size === 6 && [...counts().values()].every((count) => count >= ENOUGH), 120_000),
  ).toBe(true);
}
