import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A deleted task stays in its row for a while, so that it can be restored as it was. Whoever listens is told of a
 * deletion and a restoration as if the row came and went, and of the removal of a deleted row nothing.
 *
 * An instance of the release before knows no deleted tasks: it shows them until it is replaced.
 */
export class TaskSoftDelete1767225610000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table task add column deleted_at timestamptz(3)');
    await queryRunner.query(TELL_OF_ROWS);
    await queryRunner.query(TELL_OF_UPDATES);
    await queryRunner.query('drop trigger session_guard_task_updated on task');
    await queryRunner.query(
      `create trigger session_guard_task_updated after update on task
         referencing old table as earlier new table as changed
         for each statement execute function session_guard_task_updated()`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop trigger session_guard_task_updated on task');
    await queryRunner.query('drop function session_guard_task_updated()');
    await queryRunner.query(TELL_OF_ROWS.replaceAll('where deleted_at is null', ''));
    await queryRunner.query(
      `create trigger session_guard_task_updated after update on task referencing new table as changed
         for each statement execute function session_guard_task_changed('updated')`,
    );
    await queryRunner.query('alter table task drop column deleted_at');
  }
}

/** For inserts and deletes: as before, without rows that were deleted already. */
const TELL_OF_ROWS = `
  create or replace function session_guard_task_changed() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    perform pg_notify('session_guard_task', json_build_object(
        'event', gen_random_uuid(), 'user', user_id, 'type', tg_argv[0], 'id', id, 'version', version)::text)
      from (select *, count(*) over (partition by user_id) as total
              from changed where deleted_at is null) as counted
     where total <= 100;
    perform pg_notify('session_guard_task', json_build_object(
        'event', gen_random_uuid(), 'user', user_id, 'type', 'reset')::text)
      from changed where deleted_at is null group by user_id having count(*) > 100;
    return null;
  end $$`;

const TELL_OF_UPDATES = `
  create function session_guard_task_updated() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    perform pg_notify('session_guard_task', json_build_object(
        'event', gen_random_uuid(), 'user', user_id, 'type', type, 'id', id, 'version', version)::text)
      from (select changed.user_id, changed.id, changed.version, count(*) over (partition by changed.user_id) as total,
                   case when changed.deleted_at is not null then 'deleted'
                        when earlier.deleted_at is not null then 'created' else 'updated' end as type
              from changed join earlier using (id)
             where changed.deleted_at is null or earlier.deleted_at is null) as counted
     where total <= 100;
    perform pg_notify('session_guard_task', json_build_object(
        'event', gen_random_uuid(), 'user', changed.user_id, 'type', 'reset')::text)
      from changed join earlier using (id) where changed.deleted_at is null or earlier.deleted_at is null
     group by changed.user_id having count(*) > 100;
    return null;
  end $$`;
