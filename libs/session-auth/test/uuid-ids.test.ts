import request from 'supertest';
import pg from 'pg';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule, installRevocation, OrgRoles } from '@session-guard/auth';
import { AuthTestKit, createTestApp } from '@session-guard/auth/testing';
import { Controller, Get } from '@nestjs/common';
import { createDatabaseWithIds, type DatabaseWithIds } from '../../../test/ids.ts';
import { TEST_BASE_URL, TEST_SECRET } from '../../../test/better-auth.ts';
import {
  createProbe,
  memoryAnswers,
  OPTIONS,
  ProbeController,
  refusedWithinBound,
  signUp,
  type ProbeApp,
} from './fixture.ts';

@Controller()
class TeamController {
  @OrgRoles(['owner'])
  @Get('team')
  team() {
    return { team: true };
  }
}

describe('Better Auth with uuid for its ids', () => {
  let database: DatabaseWithIds;
  let owner: pg.Pool;
  let probe: ProbeApp;

  beforeAll(async () => {
    database = await createDatabaseWithIds('uuid');
    owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
    owner.on('error', () => undefined);
    await installRevocation(owner);
    probe = await createProbe(database.ownerUrl);
  });
  afterAll(async () => {
    await probe.app.close();
    await owner.end();
    await database.drop();
  });

  const me = (authorization: string) =>
    request(probe.app.getHttpServer()).get('/me').set('authorization', authorization);

  it('every credential: 200 with the user', async () => {
    const ada = await signUp(database.auth);
    expect(ada.userId).toMatch(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/);
    for (const credential of [ada.token, ada.signed, await ada.jwt()]) {
      const { body } = await me(`Bearer ${credential}`).expect(200);
      expect(body.user).toMatchObject({ id: ada.userId, email: ada.email });
    }
    await request(probe.app.getHttpServer()).get('/me').set('cookie', ada.cookie).expect(200);
  });

  it.each([
    ['a session is deleted', 'delete from session where "userId" = $1'],
    ['its user is banned', 'update "user" set banned = true where id = $1'],
    ['its user is deleted', 'delete from "user" where id = $1'],
  ])('%s: 401 at once, although memory had answered', async (_, statement) => {
    const ada = await signUp(database.auth);
    const jwt = await ada.jwt();
    await memoryAnswers(probe);
    for (const credential of [ada.token, jwt, ada.token, jwt]) await me(`Bearer ${credential}`).expect(200);
    await owner.query(statement, [ada.userId]);
    for (const credential of [ada.token, jwt]) await refusedWithinBound(() => me(`Bearer ${credential}`));
  });

  it('a JWT whose sid is no uuid: 401, not the 503 of an outage', async () => {
    const kit = new AuthTestKit({
      database: owner,
      secret: TEST_SECRET,
      baseURL: TEST_BASE_URL,
      generateId: () => crypto.randomUUID(),
    });
    const ada = await kit.signIn();
    await me(`Bearer ${await kit.jwt(ada)}`).expect(200);
    await me(`Bearer ${await kit.jwt(ada, { sid: 'no-uuid' })}`).expect(401);
  });

  it('@OrgRoles(): 200 for the owner of the active organization, 403 without one', async () => {
    const app = await createTestApp({
      imports: [
        TypeOrmModule.forRoot({ type: 'postgres', url: database.ownerUrl, autoLoadEntities: true, retryAttempts: 0 }),
        AuthModule.forRoot(OPTIONS),
      ],
      controllers: [TeamController],
    });
    const ada = await signUp(database.auth);
    const team = (token: string) => request(app.getHttpServer()).get('/team').set('authorization', `Bearer ${token}`);
    await team(ada.token).expect(403);
    const headers = new Headers({ authorization: `Bearer ${ada.token}` });
    await database.auth.api.createOrganization({ body: { name: 'Analytical', slug: 'analytical' }, headers });
    for (;;) {
      // The session's new organization arrives by the channel.
      const { status } = await team(ada.token);
      if (status === 200) break;
      expect(status).toBe(403);
    }
    await app.close();
  });
});

describe('Better Auth with numbers for its ids', () => {
  it('the start is refused, naming the column and the setting', async () => {
    const database = await createDatabaseWithIds('serial');
    const starting = createTestApp({
      imports: [
        TypeOrmModule.forRoot({ type: 'postgres', url: database.ownerUrl, autoLoadEntities: true, retryAttempts: 0 }),
        AuthModule.forRoot(OPTIONS),
      ],
      controllers: [ProbeController],
    });
    await expect(starting).rejects.toThrow(
      /"user"\."id" is integer\. Ids must be text, Better Auth's default, or uuid: set advanced\.database\.generateId/,
    );
    await database.drop();
  });
});
