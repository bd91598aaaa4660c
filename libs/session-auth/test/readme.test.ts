import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import request from 'supertest';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '@session-guard/auth';
import { AuthTestKit, createTestApp } from '@session-guard/auth/testing';
import { ROOT } from '../../../scripts/root.ts';
import { TEST_BASE_URL, TEST_SECRET } from '../../../test/better-auth.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { TEST_API_ROLE } from '../../../test/server.ts';
import { ProbeController } from './fixture.ts';

describe('the rights that the README names:', () => {
  let database: TestDatabase;
  let owner: pg.Pool;

  beforeAll(async () => {
    database = await createTestDatabase('better-auth');
    owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
    owner.on('error', () => undefined);
  });
  afterAll(async () => {
    await owner.end();
    await database.drop();
  });

  const start = () =>
    createTestApp({
      imports: [
        TypeOrmModule.forRoot({
          type: 'postgres',
          url: database.apiUrl,
          autoLoadEntities: true,
          retryAttempts: 0,
          logging: false,
        }),
        AuthModule.forRoot({ baseURL: TEST_BASE_URL, secret: TEST_SECRET }),
      ],
      controllers: [ProbeController],
    });

  it('missing grants on the plugins’ columns stop the start with the statement to run; then all works', async () => {
    const readme = readFileSync(join(ROOT, 'libs/session-auth/README.md'), 'utf8');
    const grants = /```sql\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    await owner.query(grants.replaceAll(/\bto api;/g, `to ${TEST_API_ROLE};`));

    const refused = await start().then(
      () => '',
      (error: Error) => error.message,
    );
    const fix = /grant select \("impersonatedBy", "activeOrganizationId"\) on "session" to /.exec(refused)?.[0];
    expect(fix).toBeDefined();
    await owner.query(`${fix} ${TEST_API_ROLE}`);

    const app = await start();
    const kit = new AuthTestKit({ database: owner, secret: TEST_SECRET, baseURL: TEST_BASE_URL });
    const who = await kit.signIn();
    for (const value of [who.token, who.signedToken, await kit.jwt(who)]) {
      await request(app.getHttpServer()).get('/me').set('Authorization', `Bearer ${value}`).expect(200);
    }
    await app.close();
  });
});
