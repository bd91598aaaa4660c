import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger';
import { createGuardedDocument } from '@session-guard/auth/openapi';
import { completeDocument } from './complete.ts';
import { ProblemDto } from './problem.dto.ts';

const DESCRIPTION = `
Tasks of the signed-in user, and nobody else's.

## Getting a token

Accounts and sessions belong to the web application, where [Better Auth](https://www.better-auth.com) answers \
under \`/api/auth\`.
With its address in \`WEB\`:

\`\`\`sh
curl -i "$WEB/api/auth/sign-in/email" -H 'content-type: application/json' -H "origin: $WEB" \\
  -d '{"email":"ada@example.com","password":"correct horse battery"}'
\`\`\`

The \`set-auth-token\` header of the answer is a session token: send it as \`Authorization: Bearer …\`. A page \
that must not
hold a long-lived credential asks \`GET /api/auth/token\` for a short-lived JWT instead and sends that. The routes under
\`/api/auth\` are Better Auth's own: their OpenAPI document is \`$WEB/api/auth/open-api/generate-schema\`, and
[their manual](https://www.better-auth.com/docs) explains them.

## Errors

Every error is \`application/problem+json\` (RFC 9457) with a stable \`code\`. Validation errors list each field \
as a JSON
pointer. 401 means: get a new token. 403 means: this session may not. 429 and 503 carry \`Retry-After\`, in seconds.

## Concurrency

A task's \`ETag\` names its version. Send it back as \`If-Match\` and a change that someone else overtook \
is refused with 412;
without \`If-Match\` the last write wins. \`Idempotency-Key\` makes a POST safe to repeat for 24 hours.
`.trim();

/** The API's version: it follows semantic versioning, and so does its OpenAPI document. */
const VERSION = '1.0.0';

/**
 * The OpenAPI 3.1 document of the application: routes and schemas from the controllers, security from the guard's own
 * metadata, and the errors, headers and limits that every route shares.
 */
export function createOpenApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Session Guard API')
    .setVersion(VERSION)
    .setDescription(DESCRIPTION)
    .addServer('/', 'Where this document was served.')
    .addTag('Tasks', "The signed-in user's tasks.")
    .addTag('Account', 'Who is signed in.')
    .addTag('Health', 'For orchestrators and load balancers.')
    .build();
  // A name alone: who they are isn't known here.
  config.info.contact = { name: 'The operators of this API' };
  config.info.license = { name: 'MIT', url: 'https://opensource.org/license/mit' };
  return completeDocument(
    createGuardedDocument(app, config, { operationIdFactory: operationId, extraModels: [ProblemDto] }),
  );
}

/** `TasksController.list` → `tasksList`; routes name themselves better with `@ApiOperation({ operationId })`. */
function operationId(controller: string, method: string): string {
  const resource = controller.replace(/Controller$/, '');
  return `${resource.charAt(0).toLowerCase()}${resource.slice(1)}${method.charAt(0).toUpperCase()}${method.slice(1)}`;
}
