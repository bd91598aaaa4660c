import pg from 'pg';
import type { EmbeddedPostgres } from '../../../scripts/postgres/embedded.ts';
import { until } from '../../../scripts/processes.ts';
import { signOut, signIn, signUp, statusOf, type SignedIn } from '../browser.ts';
import { quantile, startLoad, tally, type Answer } from '../load.ts';
import { ms, report } from '../report.ts';
import { CHECK_MS } from './haproxy.ts';
import { promote, startReplica } from './replica.ts';
import { MAX_CONNECTIONS, startTopology, temporaryDirectory, type Topology } from './topology.ts';

/** The design's bound on a revocation that nobody has seen yet. */
const BOUND_MS = 1_000;
/** Tasks each person writes where isolation is looked at. */
const WRITTEN = 15;
const bearer = ({ token }: SignedIn) => ({ authorization: `Bearer ${token}` });

let topology: Topology;
let replica: EmbeddedPostgres;
let replicaDir: string;
let ada: SignedIn;

beforeAll(async () => {
  const start = performance.now();
  topology = await startTopology();
  ada = await signUp(topology.balancer.url);
  replicaDir = temporaryDirectory('replica');
  replica = await startReplica({
    primary: topology.primary,
    from: topology.primaryDir,
    to: replicaDir,
    name: 'replica',
    maxConnections: MAX_CONNECTIONS,
  });
  report(
    `${topology.versions}: two APIs, Better Auth, pooler, primary and replica up in ${ms(performance.now() - start)}`,
  );
});
afterAll(async () => {
  await topology?.stop();
  await replica?.stop();
});

const me = (url: string, user: SignedIn) => statusOf(`${url}/api/me`, bearer(user));
const direct = (user: SignedIn) => Promise.all(topology.apis.map(async ({ url }) => (await me(url, user)).status));

it('somebody signs in through the balancer and is known to both APIs, by every credential', async () => {
  for (const headers of [bearer(ada), { cookie: ada.cookie }, { authorization: `Bearer ${ada.jwt}` }]) {
    for (const { url } of [topology.balancer, ...topology.apis])
      expect(await statusOf(`${url}/api/me`, headers)).toEqual({ status: 200 });
  }
});

it('rows stay with their owner on connections that PgBouncer shares', async () => {
  const people = await Promise.all(['Eve', 'Bob', 'Zoe'].map((name) => signUp(topology.balancer.url, name)));
  // Side by side, so that PgBouncer hands the same connection to one after the other.
  await Promise.all(
    people.map(async (person) => {
      for (let index = 0; index < WRITTEN; index += 1)
        expect((await createTask(person, `${person.id} ${index}`)).status).toBe(201);
    }),
  );
  for (const person of people) {
    const response = await fetch(`${topology.balancer.url}/api/tasks?limit=100`, { headers: bearer(person) });
    const { data } = (await response.json()) as { data: { title: string }[] };
    expect(data.map(({ title }) => title.split(' ')[0])).toEqual(Array.from({ length: WRITTEN }, () => person.id));
  }
  const pools = await topology.pooler.show('pools');
  expect(pools.filter(({ database }) => database === 'session_guard').map(({ pool_mode }) => pool_mode)).toEqual(
    expect.arrayContaining(['transaction']),
  );
});

it("both APIs count a person's requests in one place", async () => {
  const bob = await signUp(topology.balancer.url, 'Bob');
  const remaining: number[] = [];
  for (const { url } of [...topology.apis, ...topology.apis]) {
    const response = await fetch(`${url}/api/me`, { headers: bearer(bob) });
    await response.arrayBuffer();
    remaining.push(Number(response.headers.get('ratelimit-remaining')));
  }
  const [first = Number.NaN] = remaining;
  expect(remaining).toEqual([first, first - 1, first - 2, first - 3]);
});

it(`a sign-out through the balancer is refused by both APIs within ${BOUND_MS} ms`, async () => {
  const delays: number[] = [];
  for (let round = 0; round < 10; round += 1) {
    const session = await signIn(topology.balancer.url, ada);
    // Both have it in memory.
    expect([await direct(session), await direct(session)]).toEqual([
      [200, 200],
      [200, 200],
    ]);
    await signOut(topology.balancer.url, session);
    const start = performance.now();
    expect(await until(async () => (await direct(session)).every((status) => status === 401), 5_000, 1)).toBe(true);
    delays.push(performance.now() - start);
  }
  report(
    `revocation through the balancer, seen by both APIs: median ${ms(quantile(delays, 0.5))}, worst of ` +
      `${delays.length} ${ms(Math.max(...delays))}`,
  );
  expect(Math.max(...delays)).toBeLessThan(BOUND_MS);
});

it('an API is killed under load: the balancer moves on, nobody is signed out', async () => {
  const load = startLoad(
    Object.fromEntries(
      Array.from({ length: 8 }, (_, client) => [`client ${client}`, () => me(topology.balancer.url, ada)]),
    ),
  );
  await until(() => load.answers.length > 100, 10_000);
  const killedAt = load.now();
  topology.apis[0]?.daemon.signal('SIGKILL');
  expect(await until(async () => (await topology.balancer.apiStates())[0]?.startsWith('DOWN') ?? false, 10_000)).toBe(
    true,
  );
  const outAt = load.now();
  await until(() => load.answers.filter(({ at }) => at > outAt).length > 100, 10_000);
  const answers = await load.stop();
  const failed = answers.filter(({ status }) => status !== 200);
  report(
    `one of two APIs killed: ${answers.length} requests, ${failed.length} failed (${tally(answers)}), out of ` +
      `rotation after ${ms(outAt - killedAt)}`,
  );
  // Reading twice does no harm: the balancer asks the other API what the dead one had taken without an answer.
  expect(failed).toEqual([]);

  topology.apis[0] = await topology.startApi(0);
  expect(
    await until(
      async () => (await topology.balancer.apiStates()).every((state) => state.startsWith('UP')),
      20 * CHECK_MS,
    ),
  ).toBe(true);
  expect(await direct(ada)).toEqual([200, 200]);
});

it('the primary is killed → 503 until its replica is promoted, never 401; unreplicated writes are lost', async () => {
  const { lost, acknowledged } = await failOver(topology.primary, replica, 'asynchronous replica');
  // How much is lost is the gap of one moment; what was confirmed long before must be there.
  expect(lost).toBeLessThan(acknowledged / 2);
});

it('with a synchronous replica nothing that was confirmed is lost', async () => {
  const second = { dir: temporaryDirectory('second'), name: 'second' };
  const next = await startReplica({
    primary: replica,
    from: replicaDir,
    to: second.dir,
    name: second.name,
    maxConnections: MAX_CONNECTIONS,
  });
  const old = replica;
  replica = next;
  await withClient(old.url, async (client) => {
    await client.query(`alter system set synchronous_standby_names = '${second.name}'`);
    await client.query('select pg_reload_conf()');
    const synchronous = async () =>
      (await client.query("select from pg_stat_replication where sync_state = 'sync'")).rowCount === 1;
    expect(await until(synchronous, 10_000)).toBe(true);
  });
  const { lost } = await failOver(old, next, 'synchronous replica');
  expect(lost).toBe(0);
});

/** Kills `primary` under load, promotes `next`, moves the address, and says what was lost. */
async function failOver(
  primary: EmbeddedPostgres,
  next: EmbeddedPostgres,
  kind: string,
): Promise<{ lost: number; acknowledged: number }> {
  const confirmed: string[] = [];
  const write = async (): Promise<{ status: number }> => {
    const response = await createTask(ada, 'written during a failover');
    if (response.status === 201) confirmed.push(((await response.json()) as { data: { id: string } }).data.id);
    else await response.arrayBuffer();
    return response;
  };
  const writers = Object.fromEntries(Array.from({ length: 4 }, (_, client) => [`write ${client}`, write]));
  const load = startLoad({
    ...writers,
    'read 0': () => me(topology.balancer.url, ada),
    'read 1': () => me(topology.balancer.url, ada),
  });
  await until(() => confirmed.length > 100, 20_000);
  const acknowledged = confirmed.length;

  const killedAt = load.now();
  process.kill(primary.pid, 'SIGKILL');
  await primary.ended;
  const promotion = await promote(next);
  await topology.balancer.movePrimary(next.port);
  await topology.pooler.reconnect();
  const movedAt = load.now();
  const worksAgain = (kindOf: string): Answer | undefined =>
    load.answers.find(
      ({ name, status, at }) => at > movedAt && name.startsWith(kindOf) && (status === 200 || status === 201),
    );
  expect(await until(() => worksAgain('write') !== undefined && worksAgain('read') !== undefined, 30_000)).toBe(true);
  const before = confirmed.length;
  await until(() => confirmed.length > before + 50, 10_000);
  const answers = await load.stop();

  const { rows } = await withClient(next.url, (client) => client.query<{ id: string }>('select id::text from task'));
  const kept = new Set(rows.map(({ id }) => id));
  const lost = confirmed.filter((id) => !kept.has(id)).length;
  const written = answers
    .filter(({ status }) => status === 201)
    .map((answer) => answer.at + answer.ms)
    .toSorted((a, b) => a - b);
  const silence = Math.max(...written.slice(1).map((at, index) => at - (written[index] ?? at)));
  report(
    `${kind}: promoted in ${ms(promotion)}, address moved ${ms(movedAt - killedAt)} after the kill; no write for ` +
      ms(silence),
  );
  report(
    `${kind}: ${lost} of ${confirmed.length} confirmed writes lost; reads ` +
      `${tally(answers.filter(({ name }) => name.startsWith('read')))}; writes ` +
      tally(answers.filter(({ name }) => name.startsWith('write'))),
  );
  expect(answers.filter(({ status }) => status === 401 || status === 403 || status === 500)).toEqual([]);

  // The channel is back on the new primary: a revocation is seen at once again.
  const session = await signIn(topology.balancer.url, ada);
  expect(await direct(session)).toEqual([200, 200]);
  await signOut(topology.balancer.url, session);
  const start = performance.now();
  expect(await until(async () => (await direct(session)).every((status) => status === 401), 5_000, 1)).toBe(true);
  expect(performance.now() - start).toBeLessThan(BOUND_MS);
  return { lost, acknowledged };
}

function createTask(user: SignedIn, title: string): Promise<Response> {
  return fetch(`${topology.balancer.url}/api/tasks`, {
    method: 'POST',
    headers: { ...bearer(user), 'content-type': 'application/json' },
    body: JSON.stringify({ title }),
    signal: AbortSignal.timeout(10_000),
  });
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
