import { EventEmitter } from 'node:events';
import type { PoolClient, QueryResult } from 'pg';
import { SharedConnections } from './shared.connections.ts';

class FakeClient extends EventEmitter {
  pipeline = false;
  corked = 0;
  uncorked = 0;
  released: (Error | undefined)[] = [];
  readonly connection = { stream: { cork: () => (this.corked += 1), uncork: () => (this.uncorked += 1) } };
}

/** A pool whose clients the test sees, and statements that are answered when it says so. */
function poolOf(most: number) {
  const clients: FakeClient[] = [];
  const shared = new SharedConnections(most, () => {
    const client = new FakeClient();
    clients.push(client);
    return Promise.resolve([client as unknown as PoolClient, (reason) => void client.released.push(reason)]);
  });
  const answers: { on: FakeClient; resolve: () => void; reject: (error: Error) => void }[] = [];
  const send = () =>
    shared.run(
      (client) =>
        new Promise<QueryResult>((resolve, reject) => {
          const on = client as unknown as FakeClient;
          answers.push({ on, resolve: () => resolve({} as QueryResult), reject });
        }),
    );
  return { shared, clients, answers, send };
}

describe('SharedConnections', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate'] }));
  afterEach(() => jest.useRealTimers());
  const turn = () => new Promise(setImmediate);

  it('gives each statement its own connection while there are enough, and an idle one before a new one', async () => {
    const { clients, answers, send } = poolOf(2);
    const first = send();
    const second = send();
    await turn();
    expect(clients).toHaveLength(2);
    answers[1]?.resolve();
    await second;
    const third = send();
    await turn();
    expect([clients.length, answers[2]?.on === answers[1]?.on]).toEqual([2, true]);
    for (const { resolve } of answers) resolve();
    await Promise.all([first, third]);
  });

  it('sends more than it has connections for to the one with the least to do', async () => {
    const { clients, answers, send } = poolOf(2);
    const sent = [send(), send(), send(), send()];
    await turn();
    expect(clients).toHaveLength(2);
    const counts = clients.map((client) => answers.filter(({ on }) => on === client).length);
    expect(counts).toEqual([2, 2]);
    for (const { resolve } of answers) resolve();
    await Promise.all(sent);
  });

  it('pipelines while a connection is shared, and writes the statements of one turn together', async () => {
    const { clients, answers, send } = poolOf(1);
    const sent = [send(), send()];
    await turn();
    await turn();
    expect(clients[0]).toMatchObject({ pipeline: true, corked: 1, uncorked: 1 });
    for (const { resolve } of answers) resolve();
    await Promise.all(sent);
    const later = send();
    await turn();
    await turn();
    expect(clients[0]).toMatchObject({ corked: 2, uncorked: 2 });
    answers.at(-1)?.resolve();
    await later;
  });

  it('gives an idle connection back to the pool as it was, and keeps one that is used', async () => {
    const { clients, answers, send } = poolOf(1);
    const first = send();
    await turn();
    jest.advanceTimersByTime(500);
    expect(clients[0]?.released).toEqual([]);
    answers[0]?.resolve();
    await first;
    const second = send();
    await turn();
    answers[1]?.resolve();
    await second;
    expect(clients).toHaveLength(1);
    jest.advanceTimersByTime(50);
    expect(clients[0]?.released).toEqual([]);
    jest.advanceTimersByTime(50);
    expect(clients[0]).toMatchObject({ released: [undefined], pipeline: false });
    expect(clients[0]?.listenerCount('error')).toBe(0);
    void send();
    await turn();
    expect(clients).toHaveLength(2);
  });

  it.each([
    [
      'a statement that got no answer',
      (_on: FakeClient, reject: (error: Error) => void) => reject(new Error('timeout')),
    ],
    ['an error of the connection', (on: FakeClient) => void on.emit('error', new Error('reset'))],
  ])('uses a connection no more after %s, and closes it', async (_what, breaks) => {
    const { clients, answers, send } = poolOf(1);
    const first = send().catch((error: Error) => error.message);
    await turn();
    breaks(clients[0]!, answers[0]!.reject);
    if (_what.startsWith('an error')) answers[0]!.reject(new Error('closed'));
    await first;
    const second = send();
    await turn();
    expect(clients).toHaveLength(2);
    expect(answers[1]?.on).toBe(clients[1]);
    jest.advanceTimersByTime(100);
    expect(clients[0]?.released).toEqual([expect.any(Error)]);
    answers[1]?.resolve();
    await second;
  });

  it('refuses statements that waited for a connection which broke meanwhile', async () => {
    const { clients, send } = poolOf(1);
    const opening = send().catch((error: Error) => error.message);
    await Promise.resolve();
    clients[0]?.emit('error', new Error('reset'));
    expect(await opening).toBe('reset');
  });
});
