import { ownTable } from '@session-guard/isolation';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What each user keeps in tasks, deleted ones included until they are removed: a row a user, kept by triggers of the
 * table's owner. The API's role reads its user's and can't write any.
 *
 * Whoever writes tasks locks their own row before any task, so that statements of one user don't wait for each other in
 * a circle. There is no foreign key to the user and nothing is done in a cascade: a user's deletion never waits for it.
 * A user without a row, as all have at first, is counted by their next write.
 */
export class TaskUsage1767225613000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const rows = (await queryRunner.query('select quote_ident(current_schema()) as schema')) as {
      schema: string;
    }[];
    const schema = rows[0]?.schema ?? 'public';
    const users = (await queryRunner.query(
      `select format('%I.%I', nspname, relname) as name
         from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where pg_class.oid = to_regclass('"user"')`,
    )) as { name: string }[];
    await queryRunner.query('create table task_usage (tasks integer not null, bytes bigint not null)');
    await ownTable(queryRunner, 'task_usage', { privileges: ['SELECT'] });
    await queryRunner.query('alter table task_usage add primary key (user_id)');
    await queryRunner.query('alter table task_usage drop constraint task_usage_user_id_fkey');
    await queryRunner.query('alter table task_usage no force row level security');
    await queryRunner.query(locksFirst(schema));
    await queryRunner.query(
      `create trigger session_guard_task_usage_lock before insert or update or delete on task
         for each statement execute function session_guard_task_usage_lock()`,
    );
    for (const [event, { transition, source }] of Object.entries(COUNTED)) {
      await queryRunner.query(counts(schema, event, source(users[0]?.name ?? '"user"')));
      await queryRunner.query(
        `create trigger session_guard_task_usage_${event} after ${event} on task referencing ${transition}
           for each statement execute function session_guard_task_usage_${event}()`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const name of ['lock', ...Object.keys(COUNTED)]) {
      await queryRunner.query(`drop trigger session_guard_task_usage_${name} on task`);
      await queryRunner.query(`drop function session_guard_task_usage_${name}()`);
    }
    await queryRunner.query('drop table task_usage');
  }
}

/** Bytes of a task's text. The rest of a row and of its indexes is bounded by the number of tasks. */
const BYTES = 'octet_length(title) + coalesce(octet_length(description), 0)';
const ADDED = `select user_id, 1 as tasks, ${BYTES} as bytes from changed`;
const REMOVED = `select user_id, -1 as tasks, -(${BYTES}) as bytes from earlier`;
/** In the cascade of a user's deletion the user is gone already. */
const ofUsersWhoStay = (users: string): string =>
  `${REMOVED} where exists (select from ${users} as owner where owner.id = user_id)`;

const COUNTED = {
  insert: { transition: 'new table as changed', source: () => ADDED },
  update: { transition: 'old table as earlier new table as changed', source: () => `${ADDED} union all ${REMOVED}` },
  delete: { transition: 'old table as earlier', source: ofUsersWhoStay },
};

const locksFirst = (schema: string): string => `
  create function session_guard_task_usage_lock() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare me ${schema}.task_usage.user_id%type := nullif(current_setting('app.user_id', true), '');
  begin
    if pg_trigger_depth() = 1 then
      perform from ${schema}.task_usage where user_id = me for update;
    end if;
    return null;
  end $$`;

const counts = (schema: string, event: string, source: string): string => `
  create function session_guard_task_usage_${event}() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare delta record;
  begin
    for delta in
      select user_id, sum(tasks)::integer as tasks, sum(bytes)::bigint as bytes from (${source}) as one
       group by user_id having sum(tasks) <> 0 or sum(bytes) <> 0
    loop
      update ${schema}.task_usage as usage
         set tasks = usage.tasks + delta.tasks, bytes = usage.bytes + delta.bytes
       where usage.user_id = delta.user_id;
      continue when found;
      insert into ${schema}.task_usage as usage (user_id, tasks, bytes)
        select delta.user_id, count(*), coalesce(sum(${BYTES}), 0) from ${schema}.task where user_id = delta.user_id
        on conflict (user_id) do update set tasks = usage.tasks + delta.tasks, bytes = usage.bytes + delta.bytes;
    end loop;
    return null;
  end $$`;
