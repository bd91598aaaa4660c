import { grantVerification, revokeVerification } from '@session-guard/auth';
import { apiRole } from '@session-guard/isolation';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets the API's role verify sessions, and read no credential of Better Auth's. */
export class ApiGrants1767225601000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await grantVerification(queryRunner, { role: await apiRole(queryRunner) });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await revokeVerification(queryRunner, { role: await apiRole(queryRunner) });
  }
}
