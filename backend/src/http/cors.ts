import type { Env } from '../env.ts';

/** Request headers a browser may send across origins. */
const ALLOWED = ['Authorization', 'Content-Type', 'If-Match', 'If-None-Match', 'Idempotency-Key', 'Last-Event-ID', 'X-Request-Id', 'Traceparent'];

/** Response headers a script of an allowed origin may read. */
const EXPOSED = ['ETag', 'Location', 'Retry-After', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset', 'WWW-Authenticate', 'X-Request-Id'];

/** CORS for exactly the listed origins; `null` and look-alikes get no CORS header. */
export function corsOptions(env: Env) {
  return {
    origin: [...env.corsOrigins],
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: ALLOWED,
    exposedHeaders: EXPOSED,
    maxAge: 600,
  };
}
