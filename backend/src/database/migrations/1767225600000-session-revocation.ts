import { installRevocation, uninstallRevocation } from '@session-guard/auth';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The triggers by which a sign-out, ban or deletion reaches every API instance. */
export class SessionRevocation1767225600000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await installRevocation(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await uninstallRevocation(queryRunner);
  }
}
