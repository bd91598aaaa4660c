import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { destroyConnection, serverProcessOf } from '../src/postgres/pg-internals.ts';

/** What to look at when a new version of pg fails here: libs/core/src/postgres/pg-internals.ts. */
describe('what is used of pg without being documented', () => {
  let database: TestDatabase;

  beforeAll(async () => (database = await createTestDatabase('better-auth')));
  afterAll(() => database.drop());

  it('a client knows the process of the server that answers it', async () => {
    const client = new pg.Client({ connectionString: database.ownerUrl });
    expect(serverProcessOf(client)).toBeNull();
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    expect(serverProcessOf(client)).toBe(rows[0]?.pid);
    await client.end();
  });

  it('a connection can be dropped without waiting for the server', async () => {
    const client = new pg.Client({ connectionString: database.ownerUrl });
    client.on('error', () => undefined);
    await client.connect();
    const ended = new Promise((resolve) => client.once('end', resolve));
    destroyConnection(client);
    await ended;
  });
});
