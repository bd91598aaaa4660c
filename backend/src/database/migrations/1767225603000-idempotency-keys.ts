import { ownTable } from '@session-guard/isolation';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was answered to requests with an `Idempotency-Key`, for 24 hours. */
export class IdempotencyKeys1767225603000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table idempotency_key (
        user_id text not null,
        key text not null check (char_length(key) between 1 and 255),
        fingerprint text not null,
        headers json,
        body text,
        created_at timestamptz not null default now(),
        primary key (user_id, key)
      )`);
    await ownTable(queryRunner, 'idempotency_key', { indexColumns: ['created_at'] });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table idempotency_key');
  }
}
