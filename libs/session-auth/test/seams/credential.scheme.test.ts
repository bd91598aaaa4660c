import { All, Controller, Get, Logger, type INestApplication } from '@nestjs/common';
import { DocumentBuilder } from '@nestjs/swagger';
import request from 'supertest';
import { CurrentSession, CurrentUser, RequireFreshSession, type CredentialScheme } from '@session-guard/auth';
import { createGuardedDocument } from '@session-guard/auth/openapi';
import { createTestApp } from '@session-guard/auth/testing';
import { revocationKey, type StoredPrincipal } from '@session-guard/core';
import { CASES_OF_ANY_CREDENTIAL, type Prepared } from '../conformance/cases.ts';
import { controllerOf, overHttp } from '../conformance/http.transports.ts';
import type { Seen } from '../conformance/routes.ts';
import { overSocketIo, overWs } from '../conformance/socket.transports.ts';
import { conformance } from '../conformance/suite.ts';
import { createWorld, type World } from '../conformance/world.ts';
import { deviceHeaders, deviceSignature } from './device.scheme.ts';

const OPTION = { schemes: [deviceSignature] };

/** The case's session, named by a device; a token that names none becomes a signature of a stranger's. */
function asDevice({ headers, sessionId }: Prepared): Record<string, string> {
  if (sessionId !== undefined) return deviceHeaders(sessionId);
  return headers['authorization'] === undefined ? {} : deviceHeaders('any', 'a secret of a stranger');
}

for (const transport of [
  overHttp('fastify', 'post', OPTION),
  overHttp('express', 'post', OPTION),
  overSocketIo(OPTION),
  overWs(OPTION),
]) {
  conformance({ ...transport, name: `a device, ${transport.name}` }, CASES_OF_ANY_CREDENTIAL, asDevice);
}

describe('a credential scheme of the application’s own', () => {
  let world: World;
  let app: INestApplication;

  beforeAll(async () => {
    world = await createWorld();
    app = await createTestApp({ imports: world.modules(OPTION), controllers: [controllerOf(All)] });
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
