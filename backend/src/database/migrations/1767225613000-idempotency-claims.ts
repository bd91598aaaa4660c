import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who holds a key while its request is at work: whoever took it over after a crash is told apart. */
export class IdempotencyClaims1767225613000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table idempotency_key add column claim uuid');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table idempotency_key drop column claim');
  }
}
