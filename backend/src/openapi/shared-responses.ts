import type { OpenAPIObject } from '@nestjs/swagger';
import { STATUS_CODES } from 'node:http';
import { problem, type ProblemError } from '../http/errors/problem.ts';
import { REFUSED_TITLE } from './examples.ts';
import { SHARED_HEADERS } from './shared-headers.ts';

/** A response that many operations have, as `components.responses`. */
interface SharedResponse {
  readonly name: string;
  readonly description: string;
  readonly code?: string;
  readonly headers?: readonly (keyof typeof SHARED_HEADERS)[];
  readonly errors?: readonly ProblemError[];
}

/** Components whose name is not the field's. */
const FIELDS: Readonly<Record<string, string>> = { RetryAfterInFlight: 'Retry-After' };
const EXAMPLE_ID = '7f9c0a5e-0f0b-4a56-9a3c-1d2e3f405162';

/** What can happen to any operation, by status. */
export const SHARED_RESPONSES = {
  400: {
    name: 'BadRequest',
    description: 'Something in the request is invalid; `errors` says what.',
    code: 'validation_failed',
    errors: [REFUSED_TITLE],
  },
  401: {
    name: 'Unauthorized',
    description: 'No valid session: sign in and send a new token. One body for every cause.',
    headers: ['WWW-Authenticate'],
  },
  403: {
    name: 'Forbidden',
    description: 'The session is valid but may not do this, or the cookie came from an untrusted `Origin`.',
    code: 'origin_not_trusted',
  },
  404: { name: 'NotFound', description: "No such resource, or another user's: the two are not told apart." },
  409: {
    name: 'Conflict',
    description:
      'A value is taken already, or something else still refers to this (`conflict`); ' +
      'or a request with this `Idempotency-Key` is still being processed (`idempotency_in_flight`).',
    code: 'conflict',
    headers: ['RetryAfterInFlight'],
    errors: [{ pointer: '/title', message: 'is taken already' }],
  },
  412: { name: 'PreconditionFailed', description: 'The resource has changed since the version `If-Match` names.' },
  413: {
    name: 'ContentTooLarge',
    description: 'The body is larger than the limit, 1 MiB unless the server is told otherwise.',
  },
  415: { name: 'UnsupportedMediaType', description: 'The body is not `application/json`, or it is encoded.' },
  422: {
    name: 'UnprocessableContent',
    description:
      'A value refers to something that does not exist (`unknown_reference`), or the `Idempotency-Key` was used with ' +
      'another request (`idempotency_key_reused`). Or the user keeps as much as they may: `quota_exceeded`.',
    code: 'unknown_reference',
    errors: [{ pointer: '/projectId', message: 'names nothing that exists' }],
  },
  429: {
    name: 'TooManyRequests',
    description: 'The limit of requests a minute is reached.',
    headers: ['Retry-After', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'],
  },
  500: { name: 'InternalServerError', description: 'A fault of the API; the request id leads to it in the logs.' },
  503: {
    name: 'ServiceUnavailable',
    description:
      'Not now: the database does not answer (`database_unavailable`), a statement reached its time limit ' +
      '(`time_limit`), another request changed the same rows (`transaction_conflict`), ' +
      'or too much is under way at once (`too_many_at_once`).',
    code: 'database_unavailable',
    headers: ['Retry-After'],
  },
} as const satisfies Record<number, SharedResponse>;

export type SharedStatus = keyof typeof SHARED_RESPONSES;

/** `components.responses`: each shared response with its headers and a valid example. */
export function sharedResponseComponents(): NonNullable<NonNullable<OpenAPIObject['components']>['responses']> {
  return Object.fromEntries(
    Object.entries<SharedResponse>(SHARED_RESPONSES).map(([key, { name, description, code, headers = [], errors }]) => {
      const status = Number(key);
      const example = {
        ...problem({ status, ...(code !== undefined && { code }), ...(errors && { errors }) }),
        requestId: EXAMPLE_ID,
      };
      return [
        name,
        {
          description: `${STATUS_CODES[status] ?? name}. ${description}`,
          headers: Object.fromEntries(
            ['X-Request-Id', ...headers].map((header) => [
              FIELDS[header] ?? header,
              { $ref: `#/components/headers/${header}` },
            ]),
          ),
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, example } },
        },
      ];
    }),
  );
}
