import pg from 'pg';
import { DataSource } from 'typeorm';
import type { TestDatabase } from '../../../test/database.ts';
import { checkIsolation, IsolationCheckError } from '../src/index.ts';
import { connectAs, createNotes, Note } from './note.ts';

describe('the start-up check', () => {
  let database: TestDatabase;
  let owner: pg.Client;

  beforeAll(async () => {
    database = await createNotes({ users: 1, notes: 1 });
    owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
  });

  afterAll(async () => {
    await owner.end();
    await database.drop();
  });

  async function check(url = database.apiUrl, known?: string[]): Promise<string[]> {
    const dataSource = await connectAs(url, { max: 1 });
    try {
      await checkIsolation(dataSource, known);
      return [];
    } catch (error) {
      if (error instanceof IsolationCheckError) return [...error.problems];
      throw error;
    } finally {
      await dataSource.destroy();
    }
  }

  it('is satisfied with what ownTable made', async () => {
    expect(await check()).toEqual([]);
  });

  it('refuses a superuser, naming the fix', async () => {
    const problems = await check(database.ownerUrl);
    expect(problems[0]).toMatch(/is a superuser.*API_DATABASE_URL/s);
  });

  it('refuses a role that no policy holds for, by itself or by a role it may become', async () => {
    // Roles belong to the whole server, which other suites use: these have names of their own.
    const names = [`${database.name}_bypass`, `${database.name}_member`] as const;
    await owner.query(
      `create role ${names[0]} login bypassrls password 'secret'; create role ${names[1]} login password 'secret'; ` +
        `grant ${names[0]} to ${names[1]}`,
    );
    for (const name of names) {
      const url = Object.assign(new URL(database.apiUrl), { username: name, password: 'secret' });
      expect((await check(url.href)).join()).toContain(`The role "${name}" has BYPASSRLS, no policy holds for it.`);
    }
    await owner.query(`drop role ${names[1]}; drop role ${names[0]}`);
  });

  it('refuses an ordinary DataSource, naming the fix', async () => {
    const dataSource = new DataSource({ type: 'postgres', url: database.apiUrl, entities: [Note] });
    await expect(checkIsolation(dataSource)).rejects.toThrow(/dataSourceFactory: createIsolatedDataSource/);
  });

  it.each([
    [
      'policies switched off',
      'alter table note disable row level security',
      'alter table note enable row level security',
      /not enabled and forced/,
    ],
    [
      'policies that spare the owner',
      'alter table note no force row level security',
      'alter table note force row level security',
      /not enabled and forced/,
    ],
    ['a missing policy', 'alter policy note_owner on note using (true)', undefined, /no policy that keeps rows/],
    [
      'a policy that lets anything be written',
      'alter policy note_owner on note with check (true)',
      'alter policy note_owner on note with check (user_id = ' +
        "(select nullif(current_setting('app.user_id', true), '')))",
      /no policy that keeps rows/,
    ],
    [
      'a policy for another role alone',
      'alter policy note_owner on note to postgres',
      'alter policy note_owner on note to public',
      /no policy that keeps rows/,
    ],
    [
      'a role that may truncate',
      'grant truncate on note to session_guard_api',
      'revoke truncate on note from session_guard_api',
      /TRUNCATE/,
    ],
    [
      'a nullable owner',
      'alter table note alter user_id drop not null',
      'alter table note alter user_id set not null',
      /no column user_id/,
    ],
    ['a missing index', 'drop index note_user_id_idx', 'create index note_user_id_idx on note (user_id)', /no index/],
    [
      'a role that owns the table',
      'alter table note owner to session_guard_api',
      'alter table note owner to postgres',
      /owns "note"/,
    ],
  ])('refuses %s', async (_what, damage, repair, message) => {
    const using = `user_id = (select nullif(current_setting('app.user_id', true), ''))`;
    await owner.query(damage);
    const problems = await check();
    await owner.query(repair ?? `alter policy note_owner on note using (${using})`);
    expect(problems.join('\n')).toMatch(message);
    expect(await check()).toEqual([]);
  });

  it('refuses one more permissive policy until it is named', async () => {
    await owner.query('create policy note_shared on note for select using (body like $$shared%$$)');
    expect((await check()).join()).toMatch(/"note_shared" of "note" lets more than the owner in/);
    expect(await check(database.apiUrl, ['note_shared'])).toEqual([]);
    await owner.query('drop policy note_shared on note');
  });

  it('refuses a connection that starts as somebody', async () => {
    const url = new URL(database.apiUrl);
    url.searchParams.set('options', '-c app.user_id=user-1');
    expect((await check(url.href)).join()).toMatch(/already set/);
  });

  it('refuses a table that was never migrated', async () => {
    await owner.query('alter table note rename to other');
    expect((await check()).join()).toMatch(/does not exist. Run the migrations/);
    await owner.query('alter table other rename to note');
  });
});
