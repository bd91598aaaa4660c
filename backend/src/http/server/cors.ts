import type { Env } from '../../env.ts';

/** Request headers a browser may send across origins. */
const ALLOWED = [
  'Authorization',
  'Content-Type',
  'If-Match',
  'If-None-Match',
  'Idempotency-Key',
  'Last-Event-ID',
  'X-Request-Id',
  // Credentials and organizations of others than browsers' sessions.
  'X-API-Key',
  'X-Organization-Id',
  // Traces: W3C's own, and Sentry's.
  'Traceparent',
  'Tracestate',
  'Baggage',
  'Sentry-Trace',
];

/** Response headers a script of an allowed origin may read. */
const EXPOSED = [
  'ETag',
  'Location',
  'Retry-After',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'WWW-Authenticate',
  'X-Request-Id',
];

/** CORS for exactly the listed origins; `null` and look-alikes get no CORS header. */
export function corsOptions(env: Env) {
  return {
    origin: [...env.corsOrigins],
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [...ALLOWED, ...env.corsHeaders],
    exposedHeaders: EXPOSED,
    maxAge: 600,
    // `refuseEarly` answers what is a preflight, and refuses what only looks like one.
    preflightContinue: true,
    strictPreflight: false,
  };
}
