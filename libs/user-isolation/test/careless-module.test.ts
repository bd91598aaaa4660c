import pg from 'pg';
import type { Repository } from 'typeorm';
import type { TestDatabase } from '../../../test/database.ts';
import { Isolation, type IsolatedDataSource, NoOwnerError, OwnerMismatchError } from '../src/index.ts';
import { connectAs, createNotes, Note } from './note.ts';

/** A service that never thinks of owners. */
class CarelessNotes {
  constructor(
    private readonly notes: Repository<Note>,
    private readonly dataSource: IsolatedDataSource,
  ) {}

  list = (): Promise<Note[]> => this.notes.find();
  one = (id: string): Promise<Note | null> => this.notes.findOneBy({ id });
  rename = async (id: string, body: string): Promise<number> =>
    (await this.notes.update({ id }, { body })).affected ?? 0;
  remove = async (id: string): Promise<number> => (await this.notes.delete({ id })).affected ?? 0;
  removeBuilt = async (id: string): Promise<number> =>
    (await this.notes.createQueryBuilder().delete().where('id = :id', { id }).execute()).affected ?? 0;
  renameAllRaw = async (body: string): Promise<number> => {
    const [, count] = await this.dataSource.query<[unknown, number]>('update note set body = $1', [body]);
    return count;
  };
  raw = (): Promise<{ user_id: string; id: string }[]> => this.dataSource.query('select * from note');
  add = (body: string): Promise<Note> => this.notes.save(this.notes.create({ body }));
}

describe('a module that forgets the owner', () => {
  let database: TestDatabase;
  let dataSource: IsolatedDataSource;
  let isolation: Isolation;
  let careless: CarelessNotes;
  let foreign: string;

  beforeAll(async () => {
    database = await createNotes({ users: 3, notes: 5 });
    dataSource = await connectAs(database.apiUrl);
    isolation = new Isolation(dataSource);
    careless = new CarelessNotes(dataSource.getRepository(Note), dataSource);
    const [note] = await isolation.runAs('user-2', () => careless.list());
    foreign = note!.id;
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const asAda = <T>(work: () => Promise<T>): Promise<T> => isolation.runAs('user-1', work);

  it('find() without a condition lists own rows only', async () => {
    const notes = await asAda(() => careless.list());
    expect(notes).toHaveLength(5);
    expect(new Set(notes.map(({ userId }) => userId))).toEqual(new Set(['user-1']));
  });

  it('raw SQL without WHERE reads and writes own rows only', async () => {
    const rows = await asAda(() => careless.raw());
    expect(new Set(rows.map((row) => row.user_id))).toEqual(new Set(['user-1']));
    expect(await asAda(() => careless.renameAllRaw('mine'))).toBe(5);
    const others = await isolation.runAs('user-2', () => careless.list());
    expect(new Set(others.map(({ body }) => body))).toEqual(new Set(['of user-2']));
  });

  it('reading, updating and deleting another user’s row by its id does nothing', async () => {
    expect(await asAda(() => careless.one(foreign))).toBeNull();
    expect(await asAda(() => careless.rename(foreign, 'stolen'))).toBe(0);
    expect(await asAda(() => careless.remove(foreign))).toBe(0);
    expect(await asAda(() => careless.removeBuilt(foreign))).toBe(0);
    expect((await isolation.runAs('user-2', () => careless.one(foreign)))?.body).toBe('of user-2');
  });

  it('a new row belongs to the user it is added for, whatever the code gives', async () => {
    const note = await asAda(() => careless.add('new'));
    expect(note.userId).toBe('user-1');
    await expect(
      asAda(() => dataSource.query(`insert into note (body, user_id) values ('x', 'user-2')`)),
    ).rejects.toThrow(/row-level security/);
    await expect(asAda(() => dataSource.query(`update note set user_id = 'user-2'`))).rejects.toThrow(
      /row-level security/,
    );
  });

  it('without a user: owned entities refuse, raw SQL finds nothing, inserts are refused', async () => {
    await expect(careless.list()).rejects.toThrow(NoOwnerError);
    expect(await careless.raw()).toEqual([]);
    await expect(dataSource.query(`insert into note (body) values ('x')`)).rejects.toThrow(
      /not-null|row-level security/,
    );
    await expect(dataSource.query(`insert into note (body, user_id) values ('x', 'user-1')`)).rejects.toThrow(
      /row-level security/,
    );
  });

  it('a plain connection of the role, without the library, finds nothing and inserts nothing', async () => {
    const client = new pg.Client({ connectionString: database.apiUrl });
    await client.connect();
    expect((await client.query('select * from note')).rows).toEqual([]);
    expect((await client.query('delete from note')).rowCount).toBe(0);
    await expect(client.query(`insert into note (body, user_id) values ('x', 'user-1')`)).rejects.toThrow(
      /row-level security/,
    );
    await client.end();
  });

  it('transactions are shared, roll back as one and belong to one user', async () => {
    const before = await asAda(() => careless.list());
    const failing = asAda(() =>
      isolation.transaction(async () => {
        await careless.add('in a transaction');
        expect(await careless.list()).toHaveLength(before.length + 1);
        throw new Error('no');
      }),
    );
    await expect(failing).rejects.toThrow('no');
    expect(await asAda(() => careless.list())).toHaveLength(before.length);
    await expect(
      asAda(() => isolation.transaction(() => isolation.runAs('user-2', () => careless.list()))),
    ).rejects.toThrow(OwnerMismatchError);
    await expect(dataSource.transaction((manager) => asAda(() => manager.query('select * from note')))).rejects.toThrow(
      OwnerMismatchError,
    );
    const inOrm = await asAda(() => dataSource.transaction('SERIALIZABLE', (manager) => manager.find(Note)));
    expect(inOrm).toHaveLength(before.length);
  });
});
