import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Search in a user's tasks, with an index where the owner may make one.
 *
 * Under row level security PostgreSQL lets only *leakproof* operators reach an index, and ILIKE is not one: it fails
 * for a pattern that ends in a backslash, and a failure can tell something about a row the policy hides. `@~*` is
 * ILIKE without that failure (the appended `%` never ends in an escape), so it can be declared leakproof honestly.
 * Patterns must end in `%`, as those of "contains" do: only then do index and operator agree.
 *
 * Declaring it takes a superuser, and the index the extensions pg_trgm and btree_gin. Without them search works the
 * same and reads the user's own tasks one by one.
 */
export class TaskSearch1767225604000 implements MigrationInterface {
  readonly safeBecause = 'it is part of the first release, in which nobody has tasks yet';

  async up(queryRunner: QueryRunner): Promise<void> {
    const indexed = await mayIndex(queryRunner);
    await queryRunner.query(
      `create function session_guard_matches(content text, pattern text) returns boolean
         language plpgsql immutable strict parallel safe ${indexed ? 'leakproof' : ''}
         as $$ begin return content ilike pattern || '%'; end $$`,
    );
    await queryRunner.query(
      `create operator @~* (leftarg = text, rightarg = text, function = session_guard_matches,
         restrict = iclikesel, join = iclikejoinsel)`,
    );
    if (!indexed) return;
    await queryRunner.query('create extension if not exists pg_trgm');
    await queryRunner.query('create extension if not exists btree_gin');
    await queryRunner.query(`
      create operator class session_guard_trgm_ops for type text using gin as
        operator 4 @~* (text, text),
        function 1 btint4cmp(int4, int4),
        function 2 gin_extract_value_trgm(text, internal),
        function 3 gin_extract_query_trgm(text, internal, int2, internal, internal, internal, internal),
        function 4 gin_trgm_consistent(internal, int2, text, int4, internal, internal, internal, internal),
        function 6 gin_trgm_triconsistent(internal, int2, text, int4, internal, internal, internal),
        storage int4`);
    await queryRunner.query(
      `create index task_search_idx on task
         using gin (user_id, title session_guard_trgm_ops, description session_guard_trgm_ops)`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index if exists task_search_idx');
    await queryRunner.query('drop operator family if exists session_guard_trgm_ops using gin');
    await queryRunner.query('drop operator @~* (text, text)');
    await queryRunner.query('drop function session_guard_matches(text, text)');
  }
}

async function mayIndex(queryRunner: QueryRunner): Promise<boolean> {
  const rows = (await queryRunner.query(`
    select (select rolsuper from pg_roles where rolname = current_user)
       and (select count(*) = 2 from pg_available_extensions where name in ('pg_trgm', 'btree_gin'))
        as indexed`)) as { indexed: boolean }[];
  return rows[0]?.indexed === true;
}
