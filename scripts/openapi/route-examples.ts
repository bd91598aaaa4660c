import type { OpenAPIObject } from '@nestjs/swagger';
import { exampleOf, operationsOf, pathExample, type DocumentedOperation } from './operations.ts';

/** A curl and a TypeScript example for every route, as Markdown. */
export function routeExamples(document: OpenAPIObject): string {
  const head = [
    '# Every route, by curl and in TypeScript',
    '',
    'Generated from the OpenAPI document by `npm run openapi`; do not edit. `$API` is the API, `$TOKEN` a session token',
    '([how to get one](../api.md#a-token)); `api` and `token` are a client made once:',
    '',
    '```ts',
    "import { createApiClient, fixedToken, taskEvents, unwrap } from '@session-guard/api-client';",
    '',
    "const token = fixedToken(process.env.TOKEN ?? '');",
    "const api = createApiClient({ baseUrl: process.env.API ?? '', token });",
    '```',
    '',
  ];
  return `${[...head, ...operationsOf(document).map((operation) => section(document, operation))].join('\n').trimEnd()}\n`;
}

function section(document: OpenAPIObject, operation: DocumentedOperation): string {
  const { method, path } = operation;
  return [
    `## ${operation.operation.summary ?? path}`,
    '',
    `\`${method.toUpperCase()} ${path}\``,
    '',
    ...(operation.operation.description === undefined ? [] : [operation.operation.description, '']),
    '```sh',
    curl(document, operation),
    '```',
    '',
    '```ts',
    typescript(document, operation),
    '```',
    '',
  ].join('\n');
}

function curl(
  document: OpenAPIObject,
  { method, path, parameters, body, guarded, streams }: DocumentedOperation,
): string {
  const target = path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => pathExample(document, parameters, name));
  return [
    `curl ${streams ? '-N ' : ''}${method === 'get' ? '' : `-X ${method.toUpperCase()} `}"$API${target}"`,
    ...(guarded ? ['-H "authorization: Bearer $TOKEN"'] : []),
    ...(body
      ? [
          "-H 'content-type: application/json'",
          `-d '${JSON.stringify(exampleOf(document, body)).replaceAll("'", "'\\''")}'`,
        ]
      : []),
  ].join(' \\\n  ');
}

function typescript(document: OpenAPIObject, { method, path, parameters, body, streams }: DocumentedOperation): string {
  if (streams) return 'for await (const event of taskEvents({ baseUrl: process.env.API, token })) console.log(event);';
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const options = {
    ...(inPath.length > 0 && {
      params: { path: Object.fromEntries(inPath.map(({ name }) => [name, pathExample(document, parameters, name)])) },
    }),
    ...(body && { body: exampleOf(document, body) }),
  };
  const argument =
    Object.keys(options).length === 0 ? '' : `, ${JSON.stringify(options, null, 2).replaceAll(/"(\w+)":/g, '$1:')}`;
  return `${method === 'delete' ? '' : 'const answer = '}await unwrap(api.${method.toUpperCase()}('${path}'${argument}));`;
}
