import pg from 'pg';
import type { TestDatabase } from '../../../test/database.ts';
import { BaseQuery, gatherWrites, type PgConnection, pipeline } from '../src/fast/pg-internals.ts';
import { createNotes } from './note.ts';

/** What to look at when a new version of pg fails here: libs/user-isolation/src/fast/pg-internals.ts. */
describe('what is used of pg without being documented', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let client: pg.PoolClient;

  beforeAll(async () => (database = await createNotes({ users: 1, notes: 1 })));
  afterAll(() => database.drop());
  beforeEach(async () => {
    pool = new pg.Pool({ connectionString: database.apiUrl, max: 2 });
    client = await pool.connect();
  });
  afterEach(async () => {
    client.release();
    await pool.end();
  });

  it('a query object writes its own messages, and is told of each row, command and error', async () => {
    const seen: string[] = [];
    class Watched extends BaseQuery {
      override submit(connection: PgConnection): Error | null {
        connection.parse({ text: 'select $1::text as first', name: 'first' });
        connection.submittedNamedStatements['first'] = 'select $1::text as first';
        connection.bind({ statement: 'first', values: ['one'] });
        connection.execute({});
        this.prepare(connection);
        this.name = 'first';
        return null;
      }
      override handleDataRow(message: unknown): void {
        // pg makes rows and a result only of the statement that it has described: the second.
        if (seen.includes('command')) super.handleDataRow(message);
        seen.push('row');
      }
      override handleCommandComplete(message: unknown, connection: unknown): void {
        if (seen.includes('command')) super.handleCommandComplete(message, connection);
        seen.push('command');
      }
    }
    const result = await new Promise<pg.QueryResult>((resolve, reject) => {
      const query = new Watched({ text: 'select 2 as second', values: [], queryMode: 'extended' });
      query.callback = (error, answer) => (error ? reject(error) : resolve(answer));
      void client.query(query);
    });
    expect(seen).toEqual(['row', 'command', 'row', 'command']);
    expect(result.rows).toEqual([{ second: 2 }]);
  });

  it('a client that pipelines sends a second statement before the first is answered', async () => {
    let written = 0;
    const { stream } = (client as unknown as { connection: { stream: NodeJS.WritableStream } }).connection;
    const write = stream.write.bind(stream);
    stream.write = ((...args: Parameters<typeof write>) => {
      written += 1;
      return write(...args);
    }) as typeof stream.write;
    const writesOf = async (statements: number): Promise<number> => {
      written = 0;
      const answers = Array.from({ length: statements }, () => client.query('select $1::int', [1]));
      const sent = written;
      await Promise.all(answers);
      return sent;
    };
    const one = await writesOf(1);
    expect(one).toBeGreaterThan(0);
    expect(await writesOf(2)).toBe(one);
    pipeline(client, true);
    expect(await writesOf(2)).toBe(2 * one);
    pipeline(client, false);
    expect(await writesOf(2)).toBe(one);
  });

  it('writes are kept back until they are sent together', async () => {
    const send = gatherWrites(client);
    let answered = false;
    const first = client.query('select 1').then(() => (answered = true));
    // A round trip on another connection is time enough.
    await pool.query('select 1');
    expect(answered).toBe(false);
    send();
    await first;
    expect(answered).toBe(true);
  });
});
