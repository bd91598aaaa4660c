// The product as it ships, built, with one route beside its own: the body of /api/me for whoever asks. What the guard
// costs is the difference between the two, in one process. Plain JavaScript, so that no loader stands between.
//
// Environment: the API's own, and CACHE=off for `cache: false`.
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AllowAnonymous, AuthModule } from '@session-guard/auth';
import { AppModule } from '../dist/app.module.js';
import { configureApp } from '../dist/app.setup.js';
import { parseEnv } from '../dist/env.js';
import { fastifyOptions } from '../dist/http/server/fastify.options.js';
import { createLogger } from '../dist/logging/logger.js';
import { NestLogger } from '../dist/logging/nest-logger.js';

const BODY = {
  user: {
    id: 'user-500',
    name: 'User 500',
    email: 'user-500@example.com',
    emailVerified: true,
    image: null,
    role: null,
  },
  session: { id: 'session-500', createdAt: new Date(), expiresAt: new Date(), impersonatedBy: null },
};

class OpenController {
  /** Does what the handler of /api/me does, without a guard before it. */
  open() {
    const { user, session } = BODY;
    return {
      data: {
        user: {
          id: user.id,
          name: user.name,
          email: user.email,
          emailVerified: user.emailVerified,
          image: user.image,
          role: user.role,
        },
        session: {
          id: session.id,
          createdAt: session.createdAt.toISOString(),
          expiresAt: session.expiresAt.toISOString(),
          impersonatedBy: session.impersonatedBy,
        },
      },
    };
  }
}
const method = Object.getOwnPropertyDescriptor(OpenController.prototype, 'open');
Get('open')(OpenController.prototype, 'open', method);
AllowAnonymous()(OpenController.prototype, 'open', method);
Controller('bench')(OpenController);

class ProbeModule {}
Module({ controllers: [OpenController] })(ProbeModule);

const env = parseEnv(process.env);
const { logger, flush } = createLogger(env.logLevel);
process.once('exit', flush);

const product = AppModule.forRoot(env);
const imports =
  process.env.CACHE === 'off'
    ? product.imports.map((part) =>
        part.module === AuthModule
          ? AuthModule.forRoot({
              baseURL: env.authUrl,
              secret: env.secrets[0],
              trustedOrigins: env.corsOrigins,
              listenUrl: env.listenUrl,
              cache: false,
            })
          : part,
      )
    : product.imports;

const root = { module: ProbeModule, imports: [{ ...product, imports }] };
const adapter = new FastifyAdapter(fastifyOptions(env, logger));
const app = await NestFactory.create(root, adapter, {
  bodyParser: false,
  logger: new NestLogger(logger),
  abortOnError: false,
});
configureApp(app, env, logger);
await app.listen(env.port, env.host);
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
