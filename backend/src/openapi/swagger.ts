import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { createOpenApiDocument } from './document.ts';

/** Serves `/api/openapi.json` and Swagger UI at `/api/docs`, with everything it needs from this server. */
export function serveOpenApi(app: NestFastifyApplication, prefix: string): void {
  SwaggerModule.setup(`${prefix}/docs`, app, () => createOpenApiDocument(app), {
    jsonDocumentUrl: `${prefix}/openapi.json`,
    raw: ['json'],
    customSiteTitle: 'Session Guard API',
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true, tryItOutEnabled: true, validatorUrl: null },
  });
}
