import { dangers } from './migration.rules.ts';

describe('a migration beside a running application', () => {
  it.each([
    'create index task_due_idx on task (due_at)',
    'CREATE UNIQUE INDEX task_slug_idx ON "task" (slug)',
    'alter table task add column team text not null',
    'alter table task add team uuid default gen_random_uuid()',
    'alter table task add column key text generated always as (lower(title)) stored',
    'alter table task alter column version type bigint',
    'alter table task alter column version set data type bigint',
    'alter table task alter column due_at set not null',
    'alter table task add constraint task_team_fkey foreign key (team) references team(id)',
    'alter table task add constraint task_team_check check (team is not null)',
    'alter table task add unique (slug)',
    'alter table task drop column description',
    'alter table task rename column title to name',
    'drop table task',
    'truncate table task',
    'create table team (id uuid); alter table task drop column team',
  ])('may not: %s', (statement) => expect(dangers([statement])).toHaveLength(1));

  it.each([
    'create index concurrently task_due_idx on task (due_at)',
    'alter table task add column team text',
    "alter table task add column team text not null default 'none'",
    'alter table task add constraint task_team_check check (team is not null) not valid',
    'alter table task validate constraint task_team_check',
    'alter table task add constraint task_slug_key unique using index task_slug_idx',
    'create table team (id uuid primary key, name text not null); create index team_name_idx on team (name); ' +
      'alter table team alter column name set not null',
    'create function f() returns trigger language plpgsql as $$ begin drop table task; ' +
      'alter table task drop column x; end $$',
    "comment on table task is 'drop column; rename'",
  ])('may: %s', (statement) => expect(dangers([statement])).toEqual([]));
});
