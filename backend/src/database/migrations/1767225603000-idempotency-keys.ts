import { ownTable } from '@session-guard/isolation';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was answered to requests with an `Idempotency-Key`, for 24 hours. */
export class IdempotencyKeys1767225603000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table idempotency_key (
        key text not null check (char_length(key) between 1 and 255),
        fingerprint text not null,
        headers json,
        body text,
        created_at timestamptz not null default now()
      )`);
    await ownTable(queryRunner, 'idempotency_key', { indexColumns: ['created_at'] });
    // After ownTable, which gives the owner's column the type of Better Auth's ids.
    await queryRunner.query('alter table idempotency_key add primary key (user_id, key)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table idempotency_key');
  }
}
