import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grantAuthTables, revokeAuthTables } from '../grants.ts';

/** Lets the API's role read sessions, users and public keys, and nothing else of Better Auth's. */
export class ApiGrants1767225601000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await grantAuthTables(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await revokeAuthTables(queryRunner);
  }
}
