import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { PREFIX } from './api.paths.ts';
import { AppModule } from './app.module.ts';
import { AuditLog } from './audit/audit.log.ts';
import type { Env } from './env.ts';
import { parseBodies } from './http/input/body.parsers.ts';
import { addCompression } from './http/server/compression.ts';
import { corsOptions } from './http/server/cors.ts';
import { refuseEarly } from './http/server/early.refusals.ts';
import { fastifyOptions } from './http/server/fastify.options.ts';
import { batchResponses } from './http/server/fast/response-batching.ts';
import { KnownRoutes } from './http/server/known.routes.ts';
import { checkParameters } from './http/input/parameter.check.ts';
import { DatabasePointers } from './http/errors/database-pointers.ts';
import { ProblemFilter } from './http/errors/problem.filter.ts';
import { answerUnroutable } from './http/server/raw-problem.ts';
import { addResponseHeaders } from './http/server/response-headers.ts';
import { boundUnreadAnswers } from './http/server/unread-answers.ts';
import { validateInput } from './http/input/input.validation.ts';
import { serveOpenApi } from './openapi/swagger.ts';
import { NestLogger } from './logging/nest-logger.ts';
import { observeResponses } from './logging/response.observer.ts';
import { ApiMetrics } from './metrics/api.metrics.ts';
import { earlyLimit } from './rate-limit/early.limit.ts';
import { RefusalLimit } from './rate-limit/refusal.limit.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

/**
 * The application, complete but not listening: what `main.ts` runs and what the tests test.
 *
 * @param telemetry traces, where they are on
 * @example
 * const app = await createApp(env, logger);
 * await app.listen(env.port, env.host);
 */
export async function createApp(env: Env, logger: Logger, telemetry?: Telemetry): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter(fastifyOptions(env, logger));
  telemetry?.traceRequests(adapter.getInstance());
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(env), adapter, {
    // Fastify's own JSON parser is enough; Nest's would add form bodies, which this API refuses.
    bodyParser: false,
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  // Before any route is added: the plugin looks at each as it comes.
  await addCompression(app.getHttpAdapter().getInstance());
  return configureApp(app, env, logger);
}

/** What every route shares: prefix, validation, errors, headers, CORS, logging. */
export function configureApp(app: NestFastifyApplication, env: Env, logger: Logger): NestFastifyApplication {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  const routes = new KnownRoutes();
  routes.watch(fastify);
  parseBodies(fastify);
  answerUnroutable(fastify.server);
  app.setGlobalPrefix(PREFIX);
  checkParameters(app);
  validateInput(app);
  app.useGlobalFilters(
    new ProblemFilter(app.get(RefusalLimit), new AuditLog(logger), new DatabasePointers(app.get(DataSource))),
  );
  app.enableCors(corsOptions(env));
  addResponseHeaders(fastify, env.publicUrl.startsWith('https:'));
  refuseEarly(fastify, routes, earlyLimit(app));
  boundUnreadAnswers(fastify);
  batchResponses(fastify);
  observeResponses(fastify, app.get(ApiMetrics).requests);
  serveOpenApi(app, env.publicUrl);
  return app;
}
