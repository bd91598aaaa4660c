import type { QueryRunner } from 'typeorm';

/**
 * Makes an index while its table is read and written. A plain `create index` holds up every write until it is done.
 *
 * PostgreSQL does this outside of a transaction only, so the migration says `transaction = false` and does nothing
 * else. Started again after it was cut short, it begins anew: the invalid index of before is dropped.
 *
 * @param name unqualified, without quotes
 * @param definition what follows the name
 * @example
 * export class TaskDueIndex1780000000000 implements MigrationInterface {
 *   transaction = false;
 *   up = (queryRunner: QueryRunner) =>
 *     createIndexConcurrently(queryRunner, 'task_due_idx', 'on task (user_id, due_at)');
 *   down = (queryRunner: QueryRunner) =>
 *     queryRunner.query('drop index concurrently if exists task_due_idx').then(() => undefined);
 * }
 */
export async function createIndexConcurrently(
  queryRunner: QueryRunner,
  name: string,
  definition: string,
): Promise<void> {
  // It waits for transactions that began before it, and holds up nobody meanwhile.
  await queryRunner.query('set lock_timeout = 0');
  try {
    await queryRunner.query(`drop index concurrently if exists "${name}"`);
    await queryRunner.query(`create index concurrently "${name}" ${definition}`);
  } finally {
    await queryRunner.query('reset lock_timeout');
  }
}
