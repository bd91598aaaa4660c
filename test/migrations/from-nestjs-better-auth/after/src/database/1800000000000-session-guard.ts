import type { MigrationInterface, QueryRunner } from 'typeorm';
import { installRevocation, uninstallRevocation } from '@session-guard/auth';

/** The role the API connects as. Made once: create role session_guard_api login password '…'. */
const ROLE = 'session_guard_api';

export class SessionGuard1800000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await installRevocation(queryRunner);
    await queryRunner.query(`
      grant select (id, "userId", token, "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent",
        "impersonatedBy", "activeOrganizationId") on session to ${ROLE};
      grant select on "user" to ${ROLE};
      grant select (id, "publicKey", alg, "expiresAt") on jwks to ${ROLE};
      grant select, insert, update, delete on note to ${ROLE}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await uninstallRevocation(queryRunner);
    await queryRunner.query(`revoke all on session, "user", jwks, note from ${ROLE}`);
  }
}
