import type { INestApplication, LoggerService, LogLevel, ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { FailureLogger } from './failure.logger.ts';

export interface TestAppOptions {
  /** HTTP platform. Default `fastify`. */
  readonly platform?: 'fastify' | 'express';
  /** Replaces providers, e.g. `(builder) => builder.overrideProvider(SessionVerifier).useValue(fake)`. */
  readonly override?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
  /** Runs before `app.init()`: prefix, pipes, filters, WebSocket adapter. */
  readonly configure?: (app: INestApplication) => void | Promise<void>;
  /** Default: errors only, each with the statement that failed. */
  readonly logger?: LoggerService | LogLevel[] | false;
}

/**
 * A real application, initialised and ready for supertest; `app.listen(0)` where sockets are needed. Close it with
 * `app.close()`.
 *
 * @example
 * const app = await createTestApp({ imports: [AppModule] });
 * await request(app.getHttpServer()).get('/me').expect(401);
 */
export async function createTestApp(
  metadata: ModuleMetadata,
  {
    platform = 'fastify',
    override,
    configure,
    logger = new FailureLogger({ logLevels: ['error', 'fatal'] }),
  }: TestAppOptions = {},
): Promise<INestApplication> {
  const builder = Test.createTestingModule(metadata);
  const module = await (override?.(builder) ?? builder).compile();
  const app = module.createNestApplication(await httpAdapter(platform), { logger });
  await configure?.(app);
  await app.init();
  if (platform === 'fastify') await (app.getHttpAdapter().getInstance() as { ready(): PromiseLike<unknown> }).ready();
  return app;
}

/** Loaded on demand: an application has one of the two. */
async function httpAdapter(platform: 'fastify' | 'express') {
  if (platform === 'express') {
    const { ExpressAdapter } = await import('@nestjs/platform-express');
    return new ExpressAdapter();
  }
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  return new FastifyAdapter();
}
