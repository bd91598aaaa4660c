import type { TestDatabase } from '../../../test/database.ts';
import { checkIsolation, IsolationCheckError } from '../src/index.ts';
import { asOwner, connectLibrary, createLibrary } from './library.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createLibrary();
});
afterAll(() => database.drop());

/** What the start says while `sql` holds, which is undone afterwards. */
async function problemsWith(sql: string, undo: string, objects: string[] = []): Promise<string> {
  await asOwner(database, (owner) => owner.query(sql));
  const dataSource = await connectLibrary(database.apiUrl, { extra: { max: 1 } });
  try {
    return await checkIsolation(dataSource, { objects }).then(
      () => '',
      (error: unknown) => (error instanceof IsolationCheckError ? error.problems.join('\n') : String(error)),
    );
  } finally {
    await dataSource.destroy();
    await asOwner(database, (owner) => owner.query(undo));
  }
}

const grant = (name: string): string => `grant select on ${name} to session_guard_api`;

describe('the start-up check looks beyond owned tables', () => {
  it('is satisfied with owned tables, owned link tables and reference data', async () => {
    expect(await problemsWith('select 1', 'select 1')).toBe('');
  });

  const exposed: [what: string, sql: string, undo: string, fix: RegExp, known: string][] = [
    [
      'a view of a superuser',
      `create view shown as select * from book; ${grant('shown')}`,
      'drop view shown',
      /alter view shown set \(security_invoker = true\)/,
      'shown',
    ],
    [
      'a view that says so in vain over one that doesn’t',
      'create view beneath as select * from book; create view shown with (security_invoker) as select title ' +
        `from beneath; ${grant('shown, beneath')}`,
      'drop view beneath cascade',
      /view beneath shows[\s\S]*view shown shows/,
      '',
    ],
    [
      'a view over a view, of which only the outer one is reachable',
      'create view beneath with (security_invoker = true) as select * from book; ' +
        `create view shown as select title from beneath; ${grant('shown')}`,
      'drop view beneath cascade',
      /view shown shows everybody's rows of "book"/,
      'shown',
    ],
    [
      'a subquery in a view',
      'create view shown as select id, (select count(*) from book where "genreId" = genre.id) as books from genre; ' +
        grant('shown'),
      'drop view shown',
      /view shown/,
      'shown',
    ],
    [
      'a view that is granted by a column',
      `create view shown as select * from book; grant select (title) on shown to session_guard_api`,
      'drop view shown',
      /view shown/,
      'shown',
    ],
    [
      'a view that is granted to everybody',
      'create view shown as select * from book; grant select on shown to public',
      'drop view shown',
      /view shown/,
      'shown',
    ],
    [
      'a view of a role with BYPASSRLS',
      'create role test_exposure_bypass bypassrls; grant select on book to test_exposure_bypass; ' +
        `create view shown as select * from book; alter view shown owner to test_exposure_bypass; ${grant('shown')}`,
      'drop view shown; drop owned by test_exposure_bypass; drop role test_exposure_bypass',
      /view shown/,
      'shown',
    ],
    [
      'a materialized view',
      `create materialized view kept as select * from book; ${grant('kept')}`,
      'drop materialized view kept',
      /materialized view kept holds everybody's rows of "book"/,
      'kept',
    ],
    [
      'a view of a materialized view',
      'create materialized view kept as select * from book; ' +
        `create view shown with (security_invoker = true) as select * from kept; ${grant('kept, shown')}`,
      'drop materialized view kept cascade',
      /view shown[\s\S]*materialized view kept|materialized view kept[\s\S]*view shown/,
      '',
    ],
    [
      'a link table with a bare grant',
      'alter table book_tag disable row level security',
      'alter table book_tag enable row level security',
      /row level security of "book_tag" is not enabled.*ownTable\(queryRunner, 'book_tag'\)/s,
      '',
    ],
    [
      'a table without an entity that refers to owned rows',
      `create table remark (book uuid references book (id), body text); ${grant('remark')}`,
      'drop table remark',
      /table remark refers to rows of "book".*ownTable\(queryRunner, 'remark'\)/s,
      'remark',
    ],
    [
      'a child by inheritance',
      `create table old_book () inherits (book); ${grant('old_book')}`,
      'drop table old_book',
      /old_book holds rows of "book"/,
      'old_book',
    ],
    [
      'a parent',
      'create table thing (id uuid); alter table tag add constraint keyed unique (id); ' +
        `alter table thing alter id set not null; alter table tag inherit thing; ${grant('thing')}`,
      'alter table tag no inherit thing; alter table tag drop constraint keyed; drop table thing',
      /thing shows the rows of "tag"/,
      'thing',
    ],
    [
      'a foreign table with owners',
      'create foreign data wrapper none; create server nowhere foreign data wrapper none; ' +
        `create foreign table far (user_id text) server nowhere; ${grant('far')}`,
      'drop foreign data wrapper none cascade',
      /foreign table far has owners/,
      'far',
    ],
    [
      'a function that runs as a superuser',
      `create function every_book() returns setof book language sql security definer as 'select * from book'`,
      'drop function every_book()',
      /alter function every_book\(\) security invoker/,
      'every_book',
    ],
  ];

  it.each(exposed)('refuses %s, and names the fix', async (_what, sql, undo, fix, known) => {
    const problems = await problemsWith(sql, undo);
    expect(problems).toMatch(fix);
    if (known === '') return;
    expect(problems).toContain(`knownObjects: ['${known}']`);
    expect(await problemsWith(sql, undo, [known])).toBe('');
  });

  it.each([
    [
      'a view that reads with the rights of who asks',
      `create view shown with (security_invoker = true) as select * from book; ${grant('shown')}`,
      'drop view shown',
    ],
    ['a view that the role may not read', 'create view shown as select * from book', 'drop view shown'],
    ['a view of reference data', `create view shown as select * from genre; ${grant('shown')}`, 'drop view shown'],
    [
      'a materialized view of reference data',
      `create materialized view kept as select * from genre; ${grant('kept')}`,
      'drop materialized view kept',
    ],
    [
      'a materialized view that the role may not read',
      'create materialized view kept as select * from book',
      'drop materialized view kept',
    ],
    [
      'a table that owned rows refer to',
      'create table colour (id int primary key); alter table book add colour int references colour (id); ' +
        grant('colour'),
      'alter table book drop colour; drop table colour',
    ],
    [
      'a table in a schema that the role may not use',
      'create schema inner_room; create table inner_room.remark (book uuid references book (id)); ' +
        grant('inner_room.remark'),
      'drop schema inner_room cascade',
    ],
    [
      'a function that runs as who calls it',
      `create function own_books() returns setof book language sql as 'select * from book'`,
      'drop function own_books()',
    ],
    [
      'a function of a superuser that reads reference data',
      `create function genres() returns setof genre language sql security definer as 'select * from genre'`,
      'drop function genres()',
    ],
    [
      'a function of a superuser that the role may not call',
      "create function every_book() returns setof book language sql security definer as 'select * from book'; " +
        'revoke execute on function every_book() from public',
      'drop function every_book()',
    ],
  ])('has nothing against %s', async (_what, sql, undo) => {
    expect(await problemsWith(sql, undo)).toBe('');
  });
});
