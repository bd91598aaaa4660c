import pg, { type PoolClient, type QueryResult } from 'pg';
import { runInScope } from '../context/owner.context.ts';
import { LateStatementError, OwnerMismatchError } from '../isolation.error.ts';
import { IsolatedConnection } from './isolated.connection.ts';
import { fastStatements } from '../fast/fast.statements.ts';
import type { SharedConnections } from '../fast/shared.connections.ts';
import { StatementNames } from '../fast/statement.names.ts';
import { sendInTransaction } from './owner.statement.ts';
import { CLEAR_SESSION } from './session.statements.ts';

/** What came to a connection: a text as it is, or a statement with the user it was sent for. */
interface Sent {
  readonly text: string;
  readonly owner?: string;
  readonly name?: string | undefined;
  readonly query_timeout?: number;
}

/** A pg client that notes what it is sent, and answers when the test lets it. */
class FakeClient {
  readonly sent: (Sent | string)[] = [];
  status = 'I';
  answer: () => Promise<Partial<QueryResult>> = () => Promise.resolve({ command: 'SELECT', rows: [] });

  getTransactionStatus(): string {
    return this.status;
  }

  escapeLiteral(text: string): string {
    return `'${text}'`;
  }

  query(asked: string | (Sent & { callback?: (error: Error | undefined, result?: unknown) => void })): unknown {
    if (typeof asked === 'string') {
      this.sent.push(asked);
      return this.answer();
    }
    const { text, owner, name, query_timeout, callback } = asked;
    this.sent.push({
      text,
      ...(owner !== undefined && { owner }),
      ...(name !== undefined && { name }),
      ...(query_timeout !== undefined && { query_timeout }),
    });
    if (!callback) return this.answer();
    void this.#settle(callback);
    return undefined;
  }

  async #settle(callback: (error: Error | undefined, result?: unknown) => void): Promise<void> {
    let result: unknown;
    try {
      result = await this.answer();
    } catch (error) {
      callback(error as Error);
      return;
    }
    callback(undefined, result);
  }
}

function connectionOf({ shares = false, isFast = true, names = new StatementNames() } = {}) {
  const client = new FakeClient();
  const sharedClient = new FakeClient();
  const discarded: Error[] = [];
  let checkouts = 0;
  const shared = {
    run: (submit: (of: PoolClient) => Promise<QueryResult>) => submit(sharedClient as unknown as PoolClient),
  } as SharedConnections;
  const connection = new IsolatedConnection(
    () => {
      checkouts += 1;
      return Promise.resolve(client as unknown as PoolClient);
    },
    (reason) => {
      discarded.push(reason);
      return Promise.resolve();
    },
    {
      sendAsOwner: isFast ? fastStatements(names, shares ? shared : undefined) : sendInTransaction,
      places: undefined as never,
      idleLimitMs: 5_000,
    },
  );
  return { client, sharedClient, connection, discarded, checkouts: () => checkouts };
}

/** Makes the client wait with its answers. Returns what gives the one it was asked for last. */
function answerLater(client: FakeClient, command = 'SELECT'): () => void {
  let answer: () => void = () => undefined;
  client.answer = () => new Promise((resolve) => (answer = () => resolve({ command, rows: [] })));
  return () => answer();
}

const as = <T>(id: string, work: () => T): T => runInScope({ owner: () => id }, work);
/** A read whose only parameter is its owner; sent three times, it has a name. */
const READ = 'select id from note where user_id = $1';
const recurring = async (connection: IsolatedConnection, values: readonly unknown[] = ['ada']) => {
  for (let time = 0; time < 3; time += 1) await as('ada', () => connection.query(READ, values));
};

describe('IsolatedConnection', () => {
  it.each([
    'BEGIN',
    'begin',
    '  BEGIN',
    'START TRANSACTION',
    'START  TRANSACTION',
    'START TRANSACTION ISOLATION LEVEL SERIALIZABLE',
    'BEGIN READ ONLY',
    '/* mine */ begin',
    'begin -- mine',
  ])('%j begins a transaction, whose user is set with it', async (text) => {
    const { client, connection } = connectionOf();
    await as('ada', () => connection.query(text));
    expect(client.sent).toEqual([
      `${text}\n; SET LOCAL app.user_id = 'ada'; SET LOCAL idle_in_transaction_session_timeout = 5000`,
    ]);
  });

  it.each(['BEGIN; drop table note', 'BEGINNING', 'select id as BEGIN', 'START'])(
    '%j begins none: it is one statement of its user’s',
    async (text) => {
      const { client, connection } = connectionOf();
      await as('ada', () => connection.query(text));
      expect(client.sent).toEqual([{ text, owner: 'ada' }]);
    },
  );

  it('sends nobody’s statement as nobody’s, never without a user', async () => {
    const { client, connection } = connectionOf();
    await connection.query('select 1');
    await connection.query('BEGIN');
    expect(client.sent).toEqual([{ text: 'select 1', owner: '' }, expect.stringContaining("app.user_id = ''")]);
  });

  it('sends what is in a transaction without the user again, and to its own user only', async () => {
    const { client, connection } = connectionOf();
    await as('ada', () => connection.query('BEGIN'));
    client.status = 'T';
    await as('ada', () => connection.query('select 1', [1]));
    expect(client.sent[1]).toEqual({ text: 'select 1' });
    await expect(as('ben', () => connection.query('select 2'))).rejects.toThrow(OwnerMismatchError);
    await expect(connection.query('select 2')).rejects.toThrow(OwnerMismatchError);
    expect(client.sent).toHaveLength(2);
    client.status = 'I';
    await as('ben', () => connection.query('select 3'));
    expect(client.sent[2]).toEqual({ text: 'select 3', owner: 'ben' });
  });

  it('waits longer for a statement of a transaction with a limit of its own, and only then', async () => {
    const { client, connection } = connectionOf();
    await connection.query('BEGIN');
    client.status = 'T';
    await connection.query('select 1');
    const transaction = { runner: undefined as never, timeout: 4_000 };
    await runInScope({ owner: () => undefined, transaction }, () => connection.query('select 2'));
    expect(client.sent.slice(1)).toEqual([{ text: 'select 1' }, { text: 'select 2', query_timeout: 4_500 }]);
  });

  describe('the plain way', () => {
    it('puts a statement in a transaction of its own', async () => {
      const { client, connection } = connectionOf({ isFast: false });
      await as('ada', () => connection.query(READ, ['ada']));
      expect(client.sent).toEqual([`BEGIN; SET LOCAL app.user_id = 'ada'`, { text: READ }, 'COMMIT']);
    });

    it('rolls back a statement that PostgreSQL refused, and sends nothing where it no longer answers', async () => {
      const refused = new pg.DatabaseError('division by zero', 0, 'error');
      refused.code = '22012';
      for (const [error, last] of [
        [refused, 'ROLLBACK'],
        [new Error('Connection terminated unexpectedly'), undefined],
      ] as const) {
        const { client, connection, discarded } = connectionOf({ isFast: false });
        client.answer = () => (client.sent.length === 2 ? Promise.reject(error) : Promise.resolve({}));
        await expect(connection.query('select 1 / 0')).rejects.toThrow(error.message);
        expect([client.sent[2], discarded.length]).toEqual([last, last === undefined ? 1 : 0]);
      }
    });

    it('reports no transaction to others while a statement’s own is open', async () => {
      const { client, connection } = connectionOf({ isFast: false });
      client.answer = () => {
        client.status = client.sent.length < 3 ? 'T' : 'I';
        return Promise.resolve({});
      };
      const first = as('ada', () => connection.query('select 1'));
      const seen = new Promise((resolve) => setImmediate(() => resolve(connection.inTransaction)));
      const second = as('ben', () => connection.query('select 2'));
      await Promise.all([first, second]);
      expect(await seen).toBe(false);
      expect(client.sent).toHaveLength(6);
      expect(client.sent[3]).toBe(`BEGIN; SET LOCAL app.user_id = 'ben'`);
    });

    it('begins a transaction as the fast way does', async () => {
      const { client, connection } = connectionOf({ isFast: false });
      await as('ada', () => connection.query('BEGIN'));
      expect(client.sent).toEqual([expect.stringMatching(/^BEGIN\n; SET LOCAL app.user_id = 'ada'; SET LOCAL idle/)]);
    });
  });

  it('gives a name to a read that recurs, and none in a transaction or for other values', async () => {
    const { client, connection } = connectionOf();
    await recurring(connection);
    expect(client.sent.map((sent) => (typeof sent === 'string' ? sent : sent.name))).toEqual([
      undefined,
      undefined,
      'isolation_1',
    ]);
    await as('ada', () => connection.query(READ, ['another value']));
    expect(client.sent[3]).toEqual({ text: READ, owner: 'ada' });
    await as('ada', () => connection.query('BEGIN'));
    client.status = 'T';
    await as('ada', () => connection.query(READ, ['ada']));
    expect(client.sent[5]).toEqual({ text: READ });
  });

  describe('where reads are shared', () => {
    it('keeps using the connection that it has taken, also for a named read', async () => {
      const { sharedClient, connection, client } = connectionOf({ shares: true });
      const { connection: another } = connectionOf({ shares: true });
      await recurring(another);
      await recurring(connection);
      // The first two had no name yet, so they took a connection, which is then used.
      expect([client.sent.length, sharedClient.sent.length]).toEqual([3, 0]);
    });

    it.each([
      ['with the owner as its parameter', READ, ['ada'], 'nothing', true],
      ['without parameters', 'select id from note', undefined, 'nothing', false],
      ['with an empty list of them', 'select id from note', [], 'nothing', false],
      ['after raw SQL', READ, ['ada'], 'select 1', false],
    ] as const)('a named read %s', async (_what, text, values, raw, isShared) => {
      const names = new StatementNames();
      for (let time = 0; time < 3; time += 1) names.nameOf(text);
      const { client, sharedClient, connection } = connectionOf({ shares: true, names });
      if (raw !== 'nothing') connection.announce(raw);
      await as('ada', () => connection.query(text, values));
      expect([client.sent.length, sharedClient.sent.length]).toEqual(isShared ? [0, 1] : [1, 0]);
    });

    it('sends it once more, on its own, where the shared one ended; another error is the answer', async () => {
      const names = new StatementNames();
      for (let time = 0; time < 3; time += 1) names.nameOf(READ);
      const { client, sharedClient, connection, discarded } = connectionOf({ shares: true, names });
      sharedClient.answer = () => Promise.reject(new Error('Connection terminated unexpectedly'));
      await as('ada', () => connection.query(READ, ['ada']));
      expect([client.sent.length, discarded.length]).toEqual([1, 0]);
      const { sharedClient: slow, connection: second, client: own } = connectionOf({ shares: true, names });
      slow.answer = () => Promise.reject(new Error('Query read timeout'));
      await expect(as('ada', () => second.query(READ, ['ada']))).rejects.toThrow('Query read timeout');
      expect(own.sent).toHaveLength(0);
    });
  });

  it('follows one statement with the next, in their order', async () => {
    const { client, connection } = connectionOf();
    const answers: (() => void)[] = [];
    client.answer = () => new Promise((resolve) => answers.push(() => resolve({ command: 'SELECT', rows: [] })));
    const first = connection.query('select 1');
    const second = connection.query('select 2');
    await new Promise(setImmediate);
    expect(client.sent).toHaveLength(1);
    answers[0]?.();
    await first;
    await new Promise(setImmediate);
    expect(client.sent).toHaveLength(2);
    answers[1]?.();
    await second;
  });

  it('refuses a statement that is sent while the transaction ends, and takes one after it', async () => {
    const { client, connection } = connectionOf();
    const answer = answerLater(client, 'COMMIT');
    const commit = connection.query('COMMIT');
    await expect(connection.query('select 1')).rejects.toThrow(LateStatementError);
    await new Promise(setImmediate);
    answer();
    await commit;
    client.answer = () => Promise.resolve({ command: 'SELECT', rows: [] });
    await expect(connection.query('select 2')).resolves.toBeDefined();
  });

  it('takes no other statement for the end of a transaction', async () => {
    const { client, connection } = connectionOf();
    const answer = answerLater(client);
    const first = connection.query('select 1 -- ROLLBACK');
    await new Promise(setImmediate);
    const second = connection.query('select 2');
    answer();
    await first;
    await new Promise(setImmediate);
    answer();
    await expect(second).resolves.toBeDefined();
  });

  describe('clear', () => {
    it('does nothing for a connection that was never taken, or that only sent built statements', async () => {
      const { client, connection, checkouts } = connectionOf();
      connection.announce('select 1');
      await connection.clear();
      expect([client.sent, checkouts()]).toEqual([[], 0]);
      const { client: used, connection: second } = connectionOf();
      await second.query('select 1');
      await second.clear();
      expect(used.sent).toHaveLength(1);
    });

    it('resets the session after raw SQL, and refuses what comes later', async () => {
      const { client, connection } = connectionOf();
      connection.announce('select 1');
      await connection.query('select 1');
      await connection.clear();
      expect(client.sent[1]).toBe(CLEAR_SESSION);
      await expect(connection.query('select 2')).rejects.toThrow(LateStatementError);
    });

    it('waits for the statement that is under way, and its end opens nothing again', async () => {
      const { client, connection } = connectionOf();
      const answer = answerLater(client);
      const running = connection.query('select 1');
      await new Promise(setImmediate);
      let isCleared = false;
      const cleared = connection.clear().then(() => (isCleared = true));
      await new Promise(setImmediate);
      expect(isCleared).toBe(false);
      answer();
      await Promise.all([running, cleared]);
      await expect(connection.query('select 2')).rejects.toThrow(LateStatementError);
    });

    it('waits for every statement under way, not only for the first', async () => {
      const { client, connection } = connectionOf();
      const answers: (() => void)[] = [];
      client.answer = () => new Promise((resolve) => answers.push(() => resolve({ command: 'SELECT', rows: [] })));
      connection.announce('select 1');
      const first = connection.query('select 1');
      const second = connection.query('select 2');
      await new Promise(setImmediate);
      answers[0]?.();
      await first;
      const cleared = connection.clear();
      await new Promise(setImmediate);
      expect(client.sent).toHaveLength(2);
      answers[1]?.();
      await second;
      await new Promise(setImmediate);
      answers[2]?.();
      await cleared;
      expect(client.sent[2]).toBe(CLEAR_SESSION);
    });

    it('refuses a connection whose transaction is open, or that has prepared a statement', async () => {
      const { client, connection } = connectionOf();
      await connection.query('BEGIN');
      client.status = 'T';
      await expect(connection.clear()).rejects.toThrow(/transaction open/);
      const { connection: second } = connectionOf();
      second.announce('prepare mine as select 1');
      second.announce('select 1');
      await expect(second.clear()).rejects.toThrow(/prepared/);
    });
  });

  it('gives up a connection that no longer answers, and keeps one whose statement was refused', async () => {
    const { client, connection, discarded } = connectionOf();
    client.answer = () => Promise.reject(new Error('Connection terminated unexpectedly'));
    await expect(connection.query('select 1')).rejects.toThrow('terminated');
    expect(discarded).toHaveLength(1);
  });
});
