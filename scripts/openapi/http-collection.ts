import type { OpenAPIObject } from '@nestjs/swagger';
import { exampleOf, operationsOf, pathExample, type DocumentedOperation } from './operations.ts';

/**
 * A collection for editors that run `.http` files (VS Code REST Client, JetBrains, Kulala): one request an operation,
 * with the document's own examples.
 */
export function httpCollection(document: OpenAPIObject): string {
  const head = [
    '# Generated from libs/api-client/openapi.json by `npm run openapi`; do not edit.',
    '# Sign in first: the `set-auth-token` header of the answer is the token.',
    '@web = http://localhost:3000',
    '@api = http://localhost:4000',
    '@token = paste-the-token-here',
    '',
    '### Sign in',
    '# @name signIn',
    'POST {{web}}/api/auth/sign-in/email',
    'Content-Type: application/json',
    'Origin: {{web}}',
    '',
    '{ "email": "demo@example.com", "password": "the password npm start printed" }',
    '',
  ];
  return `${[...head, ...operationsOf(document).map((operation) => requestOf(document, operation))].join('\n')}\n`;
}

function requestOf(
  document: OpenAPIObject,
  { path, method, operation, parameters, body, guarded }: DocumentedOperation,
): string {
  const target = path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => pathExample(document, parameters, name));
  const optional = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  return [
    `### ${operation.summary ?? operation.operationId ?? path}`,
    `# @name ${operation.operationId ?? 'request'}`,
    ...(optional.length > 0 ? [`# Optional: ${optional.join(', ')}`] : []),
    `${method.toUpperCase()} {{api}}${target}`,
    ...(guarded ? ['Authorization: Bearer {{token}}'] : []),
    ...(body ? ['Content-Type: application/json', '', JSON.stringify(exampleOf(document, body), null, 2)] : []),
    '',
  ].join('\n');
}
