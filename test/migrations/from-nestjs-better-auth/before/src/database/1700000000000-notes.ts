import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Notes1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table note (
        id integer generated always as identity primary key,
        user_id text not null references "user" (id) on delete cascade,
        body text not null
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table note');
  }
}
