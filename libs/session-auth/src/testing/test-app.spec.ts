import { Controller, Get, Post, Sse, UseGuards, type CanActivate } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { of } from 'rxjs';
import request from 'supertest';
import {
  AllowAnonymous,
  CurrentUser,
  OptionalAuth,
  OrgRoles,
  RequireAuth,
  Roles,
  SessionEvents,
  SessionGuard,
  SessionVerifier,
  type AuthenticatedUser,
} from '@session-guard/auth';
import { createTestApp, FakeAuthModule, FakeSessionVerifier } from './index.ts';

@Controller()
class CatsController {
  @Get('me')
  me(@CurrentUser() user: AuthenticatedUser | undefined) {
    return { id: user?.id, name: user?.name };
  }

  @Roles(['admin'])
  @Get('admin')
  admin(@CurrentUser('id') id: string) {
    return { id };
  }

  @OrgRoles(['owner'])
  @Get('owner')
  owner(@CurrentUser('id') id: string) {
    return { id };
  }

  @OptionalAuth()
  @Get('optional')
  optional(@CurrentUser() user: AuthenticatedUser | null) {
    return { id: user?.id ?? null };
  }

  @Post('act')
  act(@CurrentUser('id') id: string) {
    return { id };
  }

  @Sse('events')
  events(@CurrentUser('id') id: string) {
    return of(id);
  }
}

@AllowAnonymous()
@Controller('open')
class OpenController {
  @Get()
  open() {
    return { open: true };
  }

  @RequireAuth()
  @Get('closed')
  closed(@CurrentUser('id') id: string) {
    return { id };
  }
}

describe.each(['fastify', 'express'] as const)('createTestApp on %s with FakeAuthModule:', (platform) => {
  const metadata = (verifier: FakeSessionVerifier) => ({
    imports: [FakeAuthModule.forRoot(verifier)],
    controllers: [CatsController, OpenController],
  });

  it('signs people in, with roles and memberships, and out again', async () => {
    const verifier = new FakeSessionVerifier();
    const app = await createTestApp(metadata(verifier), { platform });
    const get = (path: string, token: string) =>
      request(app.getHttpServer()).get(path).set('Authorization', `Bearer ${token}`);
    const ada = verifier.signIn({ id: 'ada', name: 'Ada', role: 'admin' }, { activeOrganizationId: 'acme' });
    const bob = verifier.signIn({ id: 'bob' });

    await get('/me', ada).expect(200, { id: 'ada', name: 'Ada' });
    await get('/admin', ada).expect(200);
    expect((await get('/admin', bob).expect(403)).body).toMatchObject({ code: 'role_required' });
    expect((await get('/owner', bob).expect(403)).body).toMatchObject({ code: 'organization_required' });
    expect((await get('/owner', ada).expect(403)).body).toMatchObject({ code: 'organization_role_required' });
    verifier.join('acme', 'ada', 'owner');
    await get('/owner', ada).expect(200);

    verifier.signOut(ada);
    await get('/me', ada).expect(401);
    await get('/me', bob).expect(200);
    await app.close();
  });

  it('a handler beats its class, and fails closed', async () => {
    const app = await createTestApp(metadata(new FakeSessionVerifier()), { platform });
    await request(app.getHttpServer()).get('/open').expect(200, { open: true });
    await request(app.getHttpServer()).get('/open/closed').expect(401);
    await request(app.getHttpServer()).get('/me').expect(401);
    await app.close();
  });

  it('an outage → 503 with Retry-After, on optional routes too; over → 200', async () => {
    const verifier = new FakeSessionVerifier();
    const app = await createTestApp(metadata(verifier), { platform });
    const token = verifier.signIn();
    verifier.fail();
    for (const path of ['/me', '/optional']) {
      const response = await request(app.getHttpServer()).get(path).set('Authorization', `Bearer ${token}`).expect(503);
      expect(response.headers['retry-after']).toBe('1');
    }
    verifier.recover();
    await request(app.getHttpServer()).get('/me').set('Authorization', `Bearer ${token}`).expect(200);
    await app.close();
  });

  it('tells open streams when somebody signs out', async () => {
    const verifier = new FakeSessionVerifier();
    const app = await createTestApp(metadata(verifier), { platform });
    const token = verifier.signIn({}, { id: 'mine' });
    const verdict = await verifier.verify({ authorization: `Bearer ${token}` });
    if (!('identity' in verdict) || !verdict.identity.session) throw new Error('not signed in');
    const ends: string[] = [];
    app
      .get(SessionEvents)
      .ended(verdict.identity.session)
      .subscribe({ next: (end) => ends.push(end), complete: () => ends.push('complete') });
    verifier.signOut(verifier.signIn());
    expect(ends).toEqual([]);
    verifier.signOut(token);
    expect(ends).toEqual(['revoked', 'complete']);
    await app.close();
  });

  it('a user that other middleware left on the request is not the user of an optional route', async () => {
    const app = await createTestApp(metadata(new FakeSessionVerifier()), {
      platform,
      configure: (each) => {
        const forge = (req: { user?: unknown }, _res: unknown, next: () => void) => {
          req.user = { id: 'forged' };
          next();
        };
        if (platform === 'express') each.use(forge);
        // On Fastify, Nest's middleware sees the raw request; a hook sees the one that handlers get.
        else (each.getHttpAdapter().getInstance() as FastifyInstance).addHook('onRequest', forge as never);
      },
    });
    await request(app.getHttpServer()).get('/optional').expect(200, { id: null });
    await app.close();
  });
});

describe('the guard is an ordinary class:', () => {
  const everybody: CanActivate = {
    canActivate: (context) => {
      context.switchToHttp().getRequest<{ user?: unknown }>().user = { id: 'replaced', name: 'Replaced' };
      return true;
    },
  };

  @UseGuards(SessionGuard)
  @Controller('local')
  class LocalController {
    @Get()
    get(@CurrentUser('id') id: string) {
      return { id };
    }
  }

  it('overrideProvider replaces the one that guards every route', async () => {
    const app = await createTestApp(
      { imports: [FakeAuthModule.forRoot()], controllers: [CatsController] },
      { override: (builder) => builder.overrideProvider(SessionGuard).useValue(everybody) },
    );
    await request(app.getHttpServer()).get('/me').expect(200, { id: 'replaced', name: 'Replaced' });
    await app.close();
  });

  it('overrideGuard replaces those of @UseGuards', async () => {
    const app = await createTestApp(
      {
        imports: [FakeAuthModule.forRoot(undefined, { guardAllRoutes: false })],
        controllers: [CatsController, LocalController],
      },
      { override: (builder) => builder.overrideGuard(SessionGuard).useValue(everybody), logger: false },
    );
    await request(app.getHttpServer()).get('/local').expect(200, { id: 'replaced' });
    // Nobody guards this one, and the decorator says so instead of giving nobody.
    await request(app.getHttpServer()).get('/me').expect(500);
    await app.close();
  });

  it('overrideProvider(SessionVerifier) leaves the guard as it is', async () => {
    const verifier = new FakeSessionVerifier();
    const app = await createTestApp(
      { imports: [FakeAuthModule.forRoot()], controllers: [CatsController] },
      { override: (builder) => builder.overrideProvider(SessionVerifier).useValue(verifier) },
    );
    const token = verifier.signIn({ id: 'ada', name: 'Ada' });
    await request(app.getHttpServer()).get('/me').expect(401);
    await request(app.getHttpServer())
      .get('/me')
      .set('Authorization', `Bearer ${token}`)
      .expect(200, { id: 'ada', name: 'Ada' });
    await app.close();
  });
});
