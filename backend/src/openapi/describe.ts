import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { AppModule } from '../app.module.ts';
import { PREFIX } from '../api.paths.ts';
import { parseEnv } from '../env.ts';
import { createOpenApiDocument } from './document.ts';

/** Never connected to, never listened on: only the shape of the application counts. */
const NOWHERE = {
  API_DATABASE_URL: 'postgres://nobody@localhost/nowhere',
  BETTER_AUTH_SECRET: 'describes the API and signs nothing',
  METRICS_PORT: 'off',
};

/** The OpenAPI document without a running application: Nest assembles the modules and creates no provider. */
export async function describeApi(): Promise<OpenAPIObject> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(parseEnv(NOWHERE)),
    new FastifyAdapter(),
    {
      preview: true,
      logger: ['error', 'fatal'],
      abortOnError: false,
    },
  );
  app.setGlobalPrefix(PREFIX);
  const document = createOpenApiDocument(app);
  // Plain JSON, as it is served: without undefined properties and in one order.
  return JSON.parse(JSON.stringify(document)) as OpenAPIObject;
}
