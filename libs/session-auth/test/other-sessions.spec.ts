import fastifyCookie from '@fastify/cookie';
import fastifySession from '@fastify/session';
import { Controller, Get, Post, Req, type INestApplication } from '@nestjs/common';
import cookieSession from 'cookie-session';
import session from 'express-session';
import type { FastifyInstance } from 'fastify';
import request from 'supertest';
import {
  CurrentSession,
  CurrentUser,
  identityOf,
  OptionalAuth,
  type AuthenticatedSession,
  type AuthenticatedUser,
} from '@session-guard/auth';
import { createTestApp, FakeAuthModule, FakeSessionVerifier } from '@session-guard/auth/testing';

const SECRET = 'another-secret-of-at-least-32-characters';

/** What express-session and its like keep: the handler's own. */
interface Shop {
  session?: { basket?: string[] };
}

@Controller()
class ShopController {
  @Post('basket')
  add(@Req() { session: own }: Shop, @CurrentUser('id') userId: string, @CurrentSession() ours: AuthenticatedSession) {
    const basket = [...(own?.basket ?? []), 'pear'];
    if (own) own.basket = basket;
    return { userId, sessionId: ours.id, basket };
  }

  @OptionalAuth()
  @Get('basket')
  look(
    @Req() { session: own }: Shop,
    @CurrentUser() user: AuthenticatedUser | null,
    @CurrentSession() ours: AuthenticatedSession | null,
  ) {
    return { userId: user?.id ?? null, sessionId: ours?.id ?? null, basket: own?.basket ?? null };
  }

  @Get('whoami')
  whoami(@Req() req: { user: { id: string }; session?: { id: string } }, @CurrentUser('id') ours: string) {
    return { shown: req.user.id, ours };
  }
}

type Configure = (app: INestApplication) => Promise<void>;
type Middleware = (req: object, res: object, next: () => void) => void;

const onExpress =
  (...middleware: unknown[]): Configure =>
  async (app) => {
    for (const each of middleware) app.use(each);
    await Promise.resolve();
  };
const onFastify: Configure = async (app) => {
  const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
  await fastify.register(fastifyCookie as never);
  await fastify.register(
    fastifySession as never,
    { secret: SECRET, cookie: { secure: false }, saveUninitialized: false } as never,
  );
};

describe.each<[string, 'express' | 'fastify', Configure]>([
  [
    'express-session that saves each time',
    'express',
    onExpress(session({ secret: SECRET, resave: true, saveUninitialized: true, rolling: true })),
  ],
  [
    'express-session that saves what changed',
    'express',
    onExpress(session({ secret: SECRET, resave: false, saveUninitialized: false })),
  ],
  ['cookie-session', 'express', onExpress(cookieSession({ secret: SECRET }))],
  ['@fastify/session', 'fastify', onFastify],
])('beside %s', (_, platform, configure) => {
  let app: INestApplication;
  const verifier = new FakeSessionVerifier();
  beforeAll(async () => {
    app = await createTestApp(
      { imports: [FakeAuthModule.forRoot(verifier)], controllers: [ShopController] },
      { platform, configure },
    );
  });
  afterAll(() => app.close());

  it('its session stays its own and is kept from request to request, and the decorators give ours', async () => {
    const token = verifier.signIn({ id: 'ada' }, { id: 'ours' });
    const agent = request.agent(app.getHttpServer());
    const authorization = `Bearer ${token}`;
    await agent
      .post('/basket')
      .set({ authorization })
      .expect(201, { userId: 'ada', sessionId: 'ours', basket: ['pear'] });
    await agent
      .post('/basket')
      .set({ authorization })
      .expect(201, { userId: 'ada', sessionId: 'ours', basket: ['pear', 'pear'] });
    await agent.get('/basket').expect(200, { userId: null, sessionId: null, basket: ['pear', 'pear'] });
    await agent
      .get('/basket')
      .set({ authorization })
      .expect(200, { userId: 'ada', sessionId: 'ours', basket: ['pear', 'pear'] });
  });

  it('a refused request leaves it alone', async () => {
    const token = verifier.signIn();
    const agent = request.agent(app.getHttpServer());
    await agent.post('/basket').set('authorization', `Bearer ${token}`).expect(201);
    await agent.post('/basket').set('authorization', 'Bearer unknown').expect(401);
    await agent
      .get('/basket')
      .set('authorization', 'Bearer unknown')
      .expect(200, { userId: null, sessionId: null, basket: ['pear'] });
  });
});

it('beside a passport that keeps its own user: both live, and the decorators give ours', async () => {
  const verifier = new FakeSessionVerifier();
  const passport: Middleware = (req, _res, next) => {
    Object.assign(req, { user: { id: 'of passport' } });
    next();
  };
  const app = await createTestApp(
    { imports: [FakeAuthModule.forRoot(verifier)], controllers: [ShopController] },
    { platform: 'express', configure: onExpress(passport) },
  );
  await request(app.getHttpServer())
    .get('/whoami')
    .set('authorization', `Bearer ${verifier.signIn({ id: 'ada' })}`)
    .expect(200, { shown: 'of passport', ours: 'ada' });
  await app.close();
});

it.each(['express', 'fastify'] as const)(
  'with nobody else there (%s), request.user and identityOf() are ours',
  async (platform) => {
    const verifier = new FakeSessionVerifier();
    const seen: unknown[] = [];
    const app = await createTestApp(
      { imports: [FakeAuthModule.forRoot(verifier)], controllers: [ShopController] },
      {
        platform,
        configure: (each) => {
          if (platform === 'fastify')
            (each.getHttpAdapter().getInstance() as FastifyInstance).decorateRequest('user', null as never);
          each.useGlobalInterceptors({
            intercept: (context, next) => {
              seen.push(identityOf(context)?.user.id);
              return next.handle();
            },
          });
        },
      },
    );
    await request(app.getHttpServer())
      .get('/whoami')
      .set('authorization', `Bearer ${verifier.signIn({ id: 'ada' })}`)
      .expect(200, { shown: 'ada', ours: 'ada' });
    await request(app.getHttpServer()).get('/basket').expect(200, { userId: null, sessionId: null, basket: null });
    expect(seen).toEqual(['ada', undefined]);
    await app.close();
  },
);
