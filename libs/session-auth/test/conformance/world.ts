import type { DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { AuthModule, installRevocation, type AuthModuleOptions } from '@session-guard/auth';
import { AuthTestKit } from '@session-guard/auth/testing';
import { createBetterAuth, TEST_BASE_URL, TEST_SECRET } from '../../../../test/better-auth.ts';
import { createTestDatabase, type TestDatabase } from '../../../../test/database.ts';
import { admin, serverUrl } from '../../../../test/server.ts';
import { AppUser } from './routes.ts';

/** A database with Better Auth's tables and a custom field, a real Better Auth on it, and the test kit. */
export interface World {
  readonly database: TestDatabase;
  readonly auth: ReturnType<typeof createBetterAuth>;
  readonly kit: AuthTestKit;
  /** The modules of an application that guards by this database. */
  modules(options?: Partial<AuthModuleOptions>): DynamicModule[];
  /** Cuts everybody off the database, and lets nobody in until the returned function is called. */
  takeDatabaseAway(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export async function createWorld(): Promise<World> {
  const database = await createTestDatabase('better-auth');
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 4 });
  owner.on('error', () => undefined);
  await owner.query('alter table "user" add column plan text');
  const migrations = await new DataSource({ type: 'postgres', url: database.ownerUrl }).initialize();
  await installRevocation(migrations.createQueryRunner());
  await migrations.destroy();
  return {
    database,
    auth: createBetterAuth({ pool: owner, user: { additionalFields: { plan: { type: 'string', required: false } } } }),
    kit: new AuthTestKit({ database: owner, secret: TEST_SECRET, baseURL: TEST_BASE_URL }),
    modules: (options) => [
      TypeOrmModule.forRoot({
        type: 'postgres',
        url: database.ownerUrl,
        autoLoadEntities: true,
        retryAttempts: 0,
        extra: { max: 4, connectionTimeoutMillis: 2_000, query_timeout: 2_500 },
      }),
      AuthModule.forRoot({ baseURL: TEST_BASE_URL, secret: TEST_SECRET, userEntity: AppUser, ...options }),
    ],
    takeDatabaseAway: async () => {
      const cut = (allow: boolean) =>
        admin(serverUrl(), async (client) => {
          await client.query(`alter database ${database.name} with allow_connections ${String(allow)}`);
          if (!allow)
            await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
              database.name,
            ]);
        });
      await cut(false);
      return () => cut(true);
    },
    close: async () => {
      await owner.end();
      await database.drop();
    },
  };
}

/** Origin of the web application, the one trusted origin. */
export const TRUSTED_ORIGIN = TEST_BASE_URL;
