import { All, Controller, Get, Logger, type INestApplication, type Type } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { DocumentBuilder } from '@nestjs/swagger';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import request from 'supertest';
import { CurrentSession, CurrentUser, RequireFreshSession, type CredentialScheme } from '@session-guard/auth';
import { createGuardedDocument } from '@session-guard/auth/openapi';
import { createTestApp } from '@session-guard/auth/testing';
import { keepHandshakes, webSocketContext } from '@session-guard/auth/websockets';
import { revocationKey, type StoredPrincipal } from '@session-guard/core';
import { CASES_OF_ANY_CREDENTIAL, type Prepared } from '../conformance/cases.ts';
import { routesFor, type Seen } from '../conformance/routes.ts';
import { connectIo, connectWs } from '../conformance/socket.clients.ts';
import { conformance, type Transport } from '../conformance/suite.ts';
import { createWorld, type World } from '../conformance/world.ts';
import { deviceHeaders, deviceSignature } from './device.scheme.ts';

const OPTION = { schemes: [deviceSignature] };

/** The case's session, named by a device; a token that names none becomes a signature of a stranger's. */
function asDevice({ headers, sessionId }: Prepared): Record<string, string> {
  if (sessionId !== undefined) return deviceHeaders(sessionId);
  return headers['authorization'] === undefined ? {} : deviceHeaders('any', 'a secret of a stranger');
}

function controller(): Type {
  const Routes = routesFor(All);
  Controller()(Routes);
  return Routes;
}

function http(platform: 'fastify' | 'express'): Transport {
  return {
    name: `a device on ${platform}`,
    start: (world) => createTestApp({ imports: world.modules(OPTION), controllers: [controller()] }, { platform }),
    ask: async (app, route, credential) => {
      const { status, text } = await request(app.getHttpServer()).post(`/${route}`).set(credential);
      if (status === 200 || status === 201) return { status: 200, seen: JSON.parse(text) as Seen, raw: text };
      return { status, code: (JSON.parse(text) as { code?: string }).code, raw: text };
    },
  };
}

function sockets(
  name: string,
  connect: typeof connectWs | typeof connectIo,
  configure: (app: INestApplication) => void,
): Transport {
  return {
    name: `a device on ${name}`,
    start: async (world) => {
      const Routes = routesFor((message) => SubscribeMessage(message));
      WebSocketGateway()(Routes);
      const app = await createTestApp(
        { imports: world.modules({ ...OPTION, contexts: [webSocketContext()] }), providers: [Routes] },
        { configure },
      );
      await app.listen(0, '127.0.0.1');
      return app;
    },
    ask: async (app, route, credential) => {
      const client = await connect(app, credential);
      try {
        const { answer, exception } = await client.send(route);
        if (answer !== undefined) return { status: 200, seen: JSON.parse(answer) as Seen, raw: answer };
        return { status: exception?.status ?? 500, code: exception?.code, raw: JSON.stringify(exception) };
      } finally {
        client.close();
      }
    },
  };
}

for (const transport of [
  http('fastify'),
  http('express'),
  sockets('socket.io', connectIo, () => undefined),
  sockets('ws', connectWs, (app) => app.useWebSocketAdapter(keepHandshakes(new WsAdapter(app)))),
]) {
  conformance(transport, CASES_OF_ANY_CREDENTIAL, asDevice);
}

describe('a credential scheme of the application’s own', () => {
  let world: World;
  let app: INestApplication;

  beforeAll(async () => {
    world = await createWorld();
    app = await createTestApp({ imports: world.modules(OPTION), controllers: [controller()] });
  });
  afterAll(async () => {
    await app.close();
    await world.close();
  });

  const post = (headers: Record<string, string>) => request(app.getHttpServer()).post('/required').set(headers);

  it('decides alone beside a cookie, and gives way to Authorization', async () => {
    const [device, browser] = [await world.kit.signIn(), await world.kit.signIn()];
    const seen = async (headers: Record<string, string>) =>
      (JSON.parse((await post(headers).expect(200)).text) as Seen).userId;
    expect(await seen({ ...deviceHeaders(device.sessionId), cookie: browser.cookie })).toBe(device.userId);
    expect(await seen({ ...deviceHeaders(device.sessionId), authorization: `Bearer ${browser.token}` })).toBe(
      browser.userId,
    );
    await post({ ...deviceHeaders('any', 'a secret of a stranger'), cookie: browser.cookie }).expect(401);
  });

  it('is an entry of the OpenAPI document, and every guarded operation accepts it', () => {
    const document = createGuardedDocument(app, new DocumentBuilder().build());
    expect(document.components?.securitySchemes?.['device']).toEqual({
      type: 'apiKey',
      in: 'header',
      name: 'X-Signature',
      description: 'Accepted: the signature of a registered device.',
    });
    expect(document.paths['/required']?.post?.security).toEqual([{ bearer: [] }, { device: [] }, { cookie: [] }]);
    expect(document.paths['/anonymous']?.post?.security).toEqual([]);
  });
});

/** A credential of somebody who never signed in: it names a user and no session. */
const badge: CredentialScheme = {
  kind: 'badge',
  attachedByBrowser: false,
  document: {
    name: 'badge',
    definition: { type: 'apiKey', in: 'header', name: 'X-Badge' },
    accepts: 'a badge',
  },
  find: ({ 'x-badge': id }) => (typeof id === 'string' ? id : null),
  verify: async (id) => {
    const stored: StoredPrincipal = {
      bytes: 500,
      open: () => ({ user: { id }, session: null, credentialId: `badge of ${id}` }),
      sharing: () => stored,
    };
    return { principal: stored, userId: id, endedBy: [revocationKey(id)], ttlMs: 60_000 };
  },
};

@Controller('badge')
class BadgeController {
  @Get('user')
  user(@CurrentUser('id') id: string) {
    return { id };
  }

  @Get('session')
  session(@CurrentSession('id') id: string) {
    return { id };
  }

  @Get('fresh')
  @RequireFreshSession()
  fresh() {
    return {};
  }
}

describe('a credential without a session', () => {
  let world: World;
  let app: INestApplication;

  beforeAll(async () => {
    world = await createWorld();
    app = await createTestApp({ imports: world.modules({ schemes: [badge] }), controllers: [BadgeController] });
  });
  afterAll(async () => {
    await app.close();
    await world.close();
  });

  const get = (path: string) => request(app.getHttpServer()).get(`/badge/${path}`).set('x-badge', 'ada');

  it('is somebody, who never signed in', async () => {
    expect((await get('user').expect(200)).body).toEqual({ id: 'ada' });
    expect((await get('fresh').expect(403)).body).toMatchObject({ code: 'session_not_fresh' });
  });

  it('has no session to show: the error says so, and not that the guard is missing', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    try {
      await get('session').expect(500);
      expect(String(logged.mock.calls[0]?.[0])).toMatch(
        /BadgeController\.session: the credential \(badge\) belongs to/,
      );
    } finally {
      logged.mockRestore();
    }
  });
});
