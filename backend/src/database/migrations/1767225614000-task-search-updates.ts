import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whoever writes text pays for its entries in the search index. By default PostgreSQL puts them on a pending list, and
 * whoever comes when that holds 4 MB moves all of them: a user's short task then took seconds, up to the time limit,
 * for the long ones of others.
 *
 * What is on the list now stays there until the next vacuum, and is found as before.
 */
export class TaskSearchUpdates1767225614000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter index if exists task_search_idx set (fastupdate = off)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter index if exists task_search_idx reset (fastupdate)');
  }
}
