import { ownTable } from '@session-guard/isolation';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tasks, what their lists sort by, and word of every change to whoever listens. */
export class Tasks1767225602000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table task (
        id uuid primary key default gen_random_uuid(),
        title text not null check (char_length(title) between 1 and 200),
        description text check (char_length(description) <= 5000),
        status text not null default 'todo' check (status in ('todo', 'in_progress', 'done')),
        priority text not null default 'medium' check (priority in ('low', 'medium', 'high')),
        due_at timestamptz(3),
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        version integer not null default 1,
        title_key text not null generated always as (lower(title)) stored,
        priority_key smallint not null
          generated always as (case priority when 'low' then 0 when 'medium' then 1 else 2 end) stored,
        due_asc_key timestamptz(3) not null generated always as (coalesce(due_at, 'infinity'::timestamptz)) stored,
        due_desc_key timestamptz(3) not null generated always as (coalesce(due_at, '-infinity'::timestamptz)) stored
      )`);
    await ownTable(queryRunner, 'task', { indexColumns: ['created_at', 'id'] });
    for (const key of ['title_key', 'priority_key', 'due_asc_key', 'due_desc_key']) {
      await queryRunner.query(`create index task_user_id_${key}_idx on task (user_id, ${key}, id)`);
    }
    await queryRunner.query('create index task_user_id_status_idx on task (user_id, status, created_at, id)');
    await notifyOfChanges(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table task');
    await queryRunner.query('drop function session_guard_task_changed()');
  }
}

/**
 * A notice for every changed task, with the owner, the id and the version, and nothing of its content. A statement
 * that changes more than a hundred of one user's tasks says so once instead: readers then read the list again.
 */
async function notifyOfChanges(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create function session_guard_task_changed() returns trigger
      language plpgsql set search_path = pg_catalog, pg_temp as $$
    begin
      perform pg_notify('session_guard_task', json_build_object(
          'event', gen_random_uuid(), 'user', user_id, 'type', tg_argv[0], 'id', id, 'version', version)::text)
        from (select *, count(*) over (partition by user_id) as total from changed) as counted where total <= 100;
      perform pg_notify('session_guard_task', json_build_object(
          'event', gen_random_uuid(), 'user', user_id, 'type', 'reset')::text)
        from changed group by user_id having count(*) > 100;
      return null;
    end $$`);
  for (const [event, rows, type] of [
    ['insert', 'new', 'created'],
    ['update', 'new', 'updated'],
    ['delete', 'old', 'deleted'],
  ]) {
    await queryRunner.query(
      `create trigger session_guard_task_${type} after ${event} on task referencing ${rows} table as changed
         for each statement execute function session_guard_task_changed('${type}')`,
    );
  }
}
