import type { INestApplication, Type } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway, type OnGatewayConnection } from '@nestjs/websockets';
import { AllowAnonymous, CurrentUser, Roles, type AuthModuleOptions } from '@session-guard/auth';
import { createTestApp } from '@session-guard/auth/testing';
import {
  keepHandshakes,
  SessionSockets,
  webSocketContext,
  type Handshake,
  type Socket,
} from '@session-guard/auth/websockets';
import type { Credential } from './cases.ts';
import { connectIo, connectWs, type Client } from './socket.clients.ts';
import { createWorld, TRUSTED_ORIGIN, type World } from './world.ts';

@WebSocketGateway()
class ChatGateway {
  @SubscribeMessage('whoami')
  whoami(@CurrentUser('id') id: string) {
    return id;
  }

  @Roles(['admin'])
  @SubscribeMessage('manage')
  manage(@CurrentUser('id') id: string) {
    return id;
  }

  /** A mistake: nobody is judged here, so there is nobody to give. */
  @AllowAnonymous()
  @SubscribeMessage('mistaken')
  mistaken(@CurrentUser('id') id: string) {
    return id;
  }
}

/** Sends to whom it knows, so it must know them when they connect. */
@WebSocketGateway()
class FeedGateway implements OnGatewayConnection<Socket> {
  readonly admitted: string[] = [];

  constructor(private readonly sockets: SessionSockets) {}

  async handleConnection(client: Socket, handshake?: Handshake): Promise<void> {
    const identity = await this.sockets.admit(client, handshake);
    if (identity) this.admitted.push(identity.user.id);
  }
}

const CONNECTIONS = 40;

describe.each([
  {
    name: 'socket.io',
    configure: () => undefined,
    connect: connectIo,
    closedBy: { end: 'io server disconnect', refusal: 'io server disconnect', foreign: 'io server disconnect' },
  },
  {
    name: 'ws',
    configure: (app: INestApplication) => {
      app.useWebSocketAdapter(keepHandshakes(new WsAdapter(app)));
    },
    connect: connectWs,
    closedBy: { end: 4401, refusal: 4401, foreign: 4403 },
  },
])('a $name socket:', ({ name, configure, connect, closedBy }) => {
  let world: World;
  const running: { app: INestApplication; clients: Client[] } = { app: {} as INestApplication, clients: [] };

  const start = async (providers: Type[], options: Partial<AuthModuleOptions> = {}) => {
    const app = await createTestApp(
      { imports: world.modules({ contexts: [webSocketContext()], ...options }), providers },
      { configure, logger: false },
    );
    await app.listen(0, '127.0.0.1');
    running.app = app;
    return app;
  };
  const open = async (headers: Credential): Promise<Client> => {
    const client = await connect(running.app, headers);
    running.clients.push(client);
    return client;
  };

  beforeAll(async () => {
    world = await createWorld();
  });
  afterEach(async () => {
    for (const client of running.clients.splice(0)) client.close();
    await running.app.close();
  });
  afterAll(() => world.close());

  it(`${CONNECTIONS} that have spoken, revoked → each closed within a second, half within 100 ms`, async () => {
    await start([ChatGateway]);
    const took: number[] = [];
    for (let i = 0; i < CONNECTIONS; i++) {
      const who = await world.kit.signIn();
      const client = await open({ authorization: `Bearer ${who.token}` });
      await expect(client.send('whoami')).resolves.toEqual({ answer: who.userId });
      const closed = client.closed.then((reason) => ({ reason, at: performance.now() }));
      const revoking = world.kit.revoke(who.sessionId).then(() => performance.now());
      const [{ reason, at }, committedAt] = await Promise.all([closed, revoking]);
      expect(reason).toBe(closedBy.end);
      if (name === 'socket.io') expect(client.heard).toContainEqual(['session.ended', 'revoked']);
      took.push(at - committedAt);
    }
    took.sort((a, b) => a - b);
    expect(took[CONNECTIONS / 2]).toBeLessThan(100);
    expect(took.at(-1)).toBeLessThan(1_000);
  });

  it('the user banned, and nothing done to the session → closed', async () => {
    await start([ChatGateway]);
    const who = await world.kit.signIn();
    const client = await open({ authorization: `Bearer ${who.token}` });
    await client.send('whoami');
    await world.kit.ban(who.userId);
    await expect(client.closed).resolves.toBe(closedBy.end);
  });

  it('revoked while nobody could hear of it → closed once the database is back', async () => {
    await start([ChatGateway]);
    const who = await world.kit.signIn();
    const client = await open({ authorization: `Bearer ${who.token}` });
    await client.send('whoami');
    const restore = await world.takeDatabaseAway();
    await restore();
    await world.kit.revoke(who.sessionId);
    await expect(client.closed).resolves.toBe(closedBy.end);
  });

  it('with cache: false, revoked → closed all the same', async () => {
    await start([ChatGateway], { cache: false });
    const who = await world.kit.signIn();
    const client = await open({ authorization: `Bearer ${who.token}` });
    await client.send('whoami');
    await world.kit.revoke(who.sessionId);
    await expect(client.closed).resolves.toBe(closedBy.end);
  });

  it('the session expires → closed', async () => {
    await start([ChatGateway]);
    const who = await world.kit.signIn({}, { expiresAt: new Date(Date.now() + 700) });
    const client = await open({ authorization: `Bearer ${who.token}` });
    await client.send('whoami');
    await expect(client.closed).resolves.toBe(closedBy.end);
    if (name === 'socket.io') expect(client.heard).toContainEqual(['session.ended', 'expired']);
  });

  it('each message is verified again: a role given and taken counts on the open socket', async () => {
    await start([ChatGateway], { cache: false });
    const who = await world.kit.signIn({ role: 'user' });
    const client = await open({ authorization: `Bearer ${who.token}` });
    await expect(client.send('manage')).resolves.toMatchObject({ exception: { status: 403, code: 'role_required' } });
    await world.kit.updateUser(who.userId, { role: 'admin' });
    await expect(client.send('manage')).resolves.toEqual({ answer: who.userId });
    await world.kit.updateUser(who.userId, { role: 'user' });
    await expect(client.send('manage')).resolves.toMatchObject({ exception: { status: 403 } });
  });

  it('the cookie from a foreign page, or without an Origin → 403 on each message', async () => {
    await start([ChatGateway]);
    const who = await world.kit.signIn();
    for (const origin of [{ origin: 'https://evil.example' }, { origin: 'null' }, {}]) {
      const client = await open({ cookie: who.cookie, ...origin });
      await expect(client.send('whoami')).resolves.toMatchObject({
        exception: { status: 403, code: 'origin_not_trusted' },
      });
    }
    const trusted = await open({ cookie: who.cookie, origin: TRUSTED_ORIGIN });
    await expect(trusted.send('whoami')).resolves.toEqual({ answer: who.userId });
  });

  it('an anonymous message after a guarded one sees no user of the earlier message', async () => {
    await start([ChatGateway]);
    const who = await world.kit.signIn();
    const client = await open({ authorization: `Bearer ${who.token}` });
    await client.send('whoami');
    const { answer, exception } = await client.send('mistaken');
    expect(answer).toBeUndefined();
    expect(exception).toMatchObject({ status: 'error' });
  });

  it('SessionSockets.admit closes silent sockets: without a session at once, with one when it ends', async () => {
    const app = await start([FeedGateway, SessionSockets]);
    const stranger = await open({ authorization: `Bearer ${'x'.repeat(32)}` });
    await expect(stranger.closed).resolves.toBe(closedBy.refusal);
    const who = await world.kit.signIn();
    const foreign = await open({ cookie: who.cookie, origin: 'https://evil.example' });
    await expect(foreign.closed).resolves.toBe(closedBy.foreign);
    expect(app.get(FeedGateway).admitted).toEqual([]);

    const member = await open({ authorization: `Bearer ${who.token}` });
    while (app.get(FeedGateway).admitted.length === 0) await new Promise(setImmediate);
    expect(app.get(FeedGateway).admitted).toEqual([who.userId]);
    await world.kit.revoke(who.sessionId);
    await expect(member.closed).resolves.toBe(closedBy.end);
  });

  it('SessionSockets.admit with the database away → closed, and not as a sign-out', async () => {
    await start([FeedGateway, SessionSockets]);
    const who = await world.kit.signIn();
    const restore = await world.takeDatabaseAway();
    try {
      const client = await open({ authorization: `Bearer ${who.token}` });
      await expect(client.closed).resolves.toBe(name === 'ws' ? 1013 : 'io server disconnect');
      if (name === 'socket.io')
        expect(client.heard).toContainEqual(['exception', expect.objectContaining({ status: 503 })]);
    } finally {
      await restore();
    }
  });

  if (name === 'socket.io') {
    it('auth.token counts as Bearer: a raw token, a signed one or a JWT; anything else is refused', async () => {
      const app = await start([ChatGateway]);
      const who = await world.kit.signIn();
      for (const token of [who.token, who.signedToken, await world.kit.jwt(who)]) {
        const client = await connectIo(app, {}, { token });
        running.clients.push(client);
        await expect(client.send('whoami')).resolves.toEqual({ answer: who.userId });
      }
      for (const token of ['', 'x'.repeat(32), { token: who.token }, [who.token]]) {
        const client = await connectIo(app, { cookie: who.cookie, origin: TRUSTED_ORIGIN }, { token });
        running.clients.push(client);
        await expect(client.send('whoami')).resolves.toMatchObject({ exception: { status: 401 } });
      }
    });
  } else {
    it('without keepHandshakes nobody is let through', async () => {
      const app = await createTestApp(
        { imports: world.modules({ contexts: [webSocketContext()] }), providers: [ChatGateway] },
        { configure: (each) => void each.useWebSocketAdapter(new WsAdapter(each)), logger: false },
      );
      await app.listen(0, '127.0.0.1');
      running.app = app;
      const who = await world.kit.signIn();
      const client = await open({ authorization: `Bearer ${who.token}` });
      const { answer, exception } = await client.send('whoami');
      expect(answer).toBeUndefined();
      expect(exception).toMatchObject({ status: 'error' });
    });
  }
});
