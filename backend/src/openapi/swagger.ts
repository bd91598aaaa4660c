import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DOCUMENT_PATH, REFERENCE_PATH } from '../api.paths.ts';
import { createOpenApiDocument } from './document.ts';

/**
 * Serves the OpenAPI document and Swagger UI, with everything it needs from this server.
 *
 * @param publicUrl the API's address as consumers see it
 */
export function serveOpenApi(app: NestFastifyApplication, publicUrl: string): void {
  SwaggerModule.setup(REFERENCE_PATH, app, () => createOpenApiDocument(app), {
    jsonDocumentUrl: DOCUMENT_PATH,
    raw: ['json'],
    customSiteTitle: 'Session Guard API',
    swaggerOptions: {
      persistAuthorization: true,
      displayRequestDuration: true,
      tryItOutEnabled: true,
      validatorUrl: null,
    },
    patchDocumentOnRequest: (request, _reply, document) => ({
      ...document,
      servers: [
        { url: addressOf(request as FastifyRequest, publicUrl), description: 'Where this document was served.' },
      ],
    }),
  });
}

/**
 * The address the document was asked for by, so that what a page then calls is its own origin, on every port. Behind a
 * proxy that isn't trusted the scheme is known from `publicUrl` alone.
 */
function addressOf({ protocol, host }: FastifyRequest, publicUrl: string): string {
  const asked = `${protocol}://${host}`;
  if (!URL.canParse(asked) || new URL(asked).host === new URL(publicUrl).host) return publicUrl;
  return new URL(asked).origin;
}
