import { Controller, Get, Post, type DynamicModule, type Type } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { isProven, type Composition } from '@session-guard/core';
import pg from 'pg';
import { DataSource } from 'typeorm';
import {
  AllowAnonymous,
  AuthModule,
  CurrentSession,
  CurrentUser,
  installRevocation,
  Roles,
  SessionVerifier,
  type AuthenticatedSession,
  type AuthenticatedUser,
  type AuthModuleOptions,
} from '@session-guard/auth';
import { COMPOSITION } from '../src/auth.constants.ts';
import { createBetterAuth, TEST_BASE_URL, TEST_SECRET, type TestAuthOptions } from '../../../test/better-auth.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';

/** What every guard suite is about. */
@Controller()
export class ProbeController {
  @Get('me')
  me(@CurrentUser() user: AuthenticatedUser, @CurrentSession() session: AuthenticatedSession) {
    return { user: { id: user.id, email: user.email, role: user.role }, session };
  }

  @Post('act')
  act(@CurrentUser('id') id: string) {
    return { id };
  }

  @AllowAnonymous()
  @Get('open')
  open() {
    return { open: true };
  }

  @Roles(['admin'])
  @Get('admin')
  admin(@CurrentUser('id') id: string) {
    return { id };
  }
}

export const OPTIONS: AuthModuleOptions = { baseURL: TEST_BASE_URL, secret: TEST_SECRET };

/** The modules of an application that has only Better Auth's database. */
export function authImports(
  url: string,
  options: Partial<AuthModuleOptions> = {},
  poolSize = 10,
): (DynamicModule | Type)[] {
  return [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url,
      autoLoadEntities: true,
      retryAttempts: 0,
      extra: { max: poolSize, connectionTimeoutMillis: 2_000, query_timeout: 2_500 },
    }),
    AuthModule.forRoot({ ...OPTIONS, ...options }),
  ];
}

export interface ProbeApp {
  readonly app: NestFastifyApplication;
  readonly verifier: SessionVerifier;
  readonly dataSource: DataSource;
}

/** A real Nest application on Fastify that guards {@link ProbeController}. Close it with `app.close()`. */
export async function createProbe(
  url: string,
  options: Partial<AuthModuleOptions> = {},
  poolSize = 10,
): Promise<ProbeApp> {
  const module = await Test.createTestingModule({
    imports: authImports(url, options, poolSize),
    controllers: [ProbeController],
  }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: ['error'] });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return { app, verifier: app.get(SessionVerifier), dataSource: app.get(DataSource) };
}

export interface World {
  readonly database: TestDatabase;
  readonly auth: ReturnType<typeof createBetterAuth>;
  /** The owner's connection, for what only Better Auth or an administrator does. */
  readonly owner: pg.Pool;
  close(): Promise<void>;
}

/** A database with Better Auth's tables, its real Better Auth, and the revocation triggers. */
export async function createWorld(options: Partial<TestAuthOptions> = {}): Promise<World> {
  const database = await createTestDatabase('better-auth');
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 5 });
  owner.on('error', () => undefined);
  await installRevocation(owner);
  const auth = createBetterAuth({ pool: owner, ...options });
  return {
    database,
    auth,
    owner,
    close: async () => {
      await owner.end();
      await database.drop();
    },
  };
}

let people = 0;

export interface SignedUp {
  readonly userId: string;
  readonly email: string;
  /** Raw session token. */
  readonly token: string;
  /** `<token>.<signature>`, Better Auth's `set-auth-token`. */
  readonly signed: string;
  /** `name=value` of the session cookie. */
  readonly cookie: string;
  jwt(): Promise<string>;
}

/** Signs a new person up through the real Better Auth. */
export async function signUp(auth: World['auth']): Promise<SignedUp> {
  people += 1;
  const email = `person${people}-${process.pid}@example.com`;
  const response = await auth.api.signUpEmail({
    body: { name: `Person ${people}`, email, password: 'correct horse battery' },
    asResponse: true,
  });
  const body = (await response.json()) as { token: string; user: { id: string } };
  const cookie =
    (response.headers.getSetCookie().find((value) => value.includes('session_token=')) ?? '').split(';')[0] ?? '';
  return {
    userId: body.user.id,
    email,
    token: body.token,
    signed: response.headers.get('set-auth-token') ?? '',
    cookie,
    jwt: async () => (await auth.api.getToken({ headers: new Headers({ cookie }) })).token,
  };
}

/** The design's bound: no verdict from memory longer than this after a revocation. */
export const BOUND_MS = 1_000;

/** Asks again until refused. Fails when a request made later than the bound was still let through. */
export async function refusedWithinBound(ask: () => PromiseLike<{ status: number }>): Promise<void> {
  const revoked = performance.now();
  for (;;) {
    const askedAfter = performance.now() - revoked;
    const { status } = await ask();
    if (status === 401) return;
    if (status !== 200 || askedAfter > BOUND_MS) {
      throw new Error(`answered ${status} to a request made ${askedAfter.toFixed(0)} ms after the revocation`);
    }
  }
}

/** Waits until memory may answer: it is silent while a busy machine delays the heartbeat. */
export async function memoryAnswers({ app }: ProbeApp): Promise<void> {
  const { feed } = app.get<Composition>(COMPOSITION);
  while (!isProven(feed, performance.now())) await new Promise((resolve) => setImmediate(resolve));
}
