import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndexConcurrently } from '../concurrent-index.ts';

/** Finds a user's deleted tasks by the time of their deletion, to remove the oldest. It holds no others. */
export class TaskDeletedIndex1767225611000 implements MigrationInterface {
  transaction = false;

  up = (queryRunner: QueryRunner): Promise<void> =>
    createIndexConcurrently(
      queryRunner,
      'task_user_id_deleted_at_idx',
      'on task (user_id, deleted_at) where deleted_at is not null',
    );

  down = (queryRunner: QueryRunner): Promise<void> =>
    queryRunner.query('drop index concurrently if exists task_user_id_deleted_at_idx').then(() => undefined);
}
