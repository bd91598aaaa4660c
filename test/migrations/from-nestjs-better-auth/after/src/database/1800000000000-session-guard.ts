import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grantVerification, installRevocation, revokeVerification, uninstallRevocation } from '@session-guard/auth';

/** The role the API connects as. Made once: create role session_guard_api login password '…'. */
const ROLE = 'session_guard_api';

export class SessionGuard1800000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await installRevocation(queryRunner);
    await grantVerification(queryRunner, { role: ROLE });
    await queryRunner.query(`grant select, insert, update, delete on note to ${ROLE}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await uninstallRevocation(queryRunner);
    await revokeVerification(queryRunner, { role: ROLE });
    await queryRunner.query(`revoke all on note from ${ROLE}`);
  }
}
