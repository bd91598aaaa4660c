import { Controller, Get, type INestApplication } from '@nestjs/common';
import request from 'supertest';
import { CurrentUser, type VerdictSource } from '@session-guard/auth';
import { createTestApp } from '@session-guard/auth/testing';
import { revocationKey } from '@session-guard/core';
import { createWorld, type World } from '../conformance/world.ts';
import { LocalFeed } from './local.feed.ts';

@Controller('me')
class MeController {
  @Get()
  me(@CurrentUser('id') id: string) {
    return { id };
  }
}

describe('a revocation feed of the application’s own', () => {
  let world: World;
  let feed: LocalFeed;
  let app: INestApplication;
  const sources: VerdictSource[] = [];

  beforeAll(async () => {
    world = await createWorld();
    feed = new LocalFeed();
    const observer = { verdict: (_result: unknown, source: VerdictSource) => void sources.push(source) };
    app = await createTestApp({
      imports: world.modules({ revocations: feed, observer }),
      controllers: [MeController],
    });
  });
  afterAll(async () => {
    await app.close();
    await world.close();
  });

  const statusOf = async (token: string) =>
    (await request(app.getHttpServer()).get('/me').set('authorization', `Bearer ${token}`)).status;
  const endSession = (sessionId: string) =>
    feed.revoke({ scope: 'session', key: revocationKey(sessionId) }, () => world.kit.revoke(sessionId));

  it('lets memory answer, and ends a session in the moment it announces it', async () => {
    const [ada, bob] = [await world.kit.signIn(), await world.kit.signIn()];
    expect([await statusOf(ada.token), await statusOf(bob.token)]).toEqual([200, 200]);
    sources.length = 0;
    expect([await statusOf(ada.token), await statusOf(bob.token)]).toEqual([200, 200]);
    expect(sources).toEqual(['memory', 'memory']);
    await endSession(ada.sessionId);
    expect([await statusOf(ada.token), await statusOf(bob.token)]).toEqual([401, 200]);
    expect(sources.slice(2)).toEqual(['database', 'memory']);
  });

  it('ends every session of a user who is banned', async () => {
    const ada = await world.kit.signIn();
    expect(await statusOf(ada.token)).toBe(200);
    await feed.revoke({ scope: 'user', key: revocationKey(ada.userId) }, () => world.kit.ban(ada.userId));
    expect(await statusOf(ada.token)).toBe(401);
  });

  it('serves nothing from memory once its proof is a second old', async () => {
    const ada = await world.kit.signIn();
    expect(await statusOf(ada.token)).toBe(200);
    let finish: () => void = () => undefined;
    const change = feed.revoke(
      { scope: 'session', key: revocationKey('another') },
      () => new Promise<void>((resolve) => (finish = resolve)),
    );
    while (performance.now() - feed.provenAt < 1_000) await new Promise(setImmediate);
    sources.length = 0;
    expect(await statusOf(ada.token)).toBe(200);
    expect(sources).toEqual(['database']);
    finish();
    await change;
    await statusOf(ada.token);
    expect(await statusOf(ada.token)).toBe(200);
    expect(sources.at(-1)).toBe('memory');
  });
});
