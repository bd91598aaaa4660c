import { apiPath } from '../api.paths.ts';

/** Response headers as `components.headers`. */
export const SHARED_HEADERS = {
  'X-Request-Id': {
    description: "The request's id: the one sent, or a new one.",
    required: true,
    schema: { type: 'string' },
    example: '7f9c0a5e-0f0b-4a56-9a3c-1d2e3f405162',
  },
  'WWW-Authenticate': {
    description: 'The challenge (RFC 6750); `error="invalid_token"` when a credential was sent and refused.',
    required: true,
    schema: { type: 'string' },
    example: 'Bearer realm="api", error="invalid_token"',
  },
  'Retry-After': {
    description: 'Seconds to wait.',
    required: true,
    schema: { type: 'integer', minimum: 0 },
    example: 2,
  },
  RetryAfterInFlight: {
    description: 'Seconds to wait; with `idempotency_in_flight` only.',
    schema: { type: 'integer', minimum: 0 },
    example: 1,
  },
  'RateLimit-Limit': {
    description: 'Requests allowed a minute.',
    schema: { type: 'integer', minimum: 1 },
    example: 600,
  },
  'RateLimit-Remaining': {
    description: 'Requests left in this minute.',
    schema: { type: 'integer', minimum: 0 },
    example: 599,
  },
  'RateLimit-Reset': {
    description: 'Seconds until the limit is full again.',
    schema: { type: 'integer', minimum: 0 },
    example: 60,
  },
  ETag: {
    description: "The resource's version, for `If-Match` and `If-None-Match`.",
    required: true,
    schema: { type: 'string', pattern: '^"\\d+"$' },
    example: '"1"',
  },
  Location: {
    description: 'Where the new resource is.',
    required: true,
    schema: { type: 'string', format: 'uri-reference' },
    example: apiPath('tasks', '0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77'),
  },
} as const;

/** Headers of every successful response. */
export const EVERYWHERE = ['X-Request-Id'] as const;

/** Headers of those that count against a limit. */
export const LIMITED = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'] as const;
