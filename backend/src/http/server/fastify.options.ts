import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { LogController, type FastifyHttpOptions } from 'fastify';
import type { Logger } from 'pino';
import type { Env } from '../../env.ts';
import { problem } from '../errors/problem.ts';
import { sendProblem } from '../errors/problem.filter.ts';
import { answerClientError } from './raw-problem.ts';

/** All headers together; more is 431. */
const HEADER_LIMIT_BYTES = 16_384;
/** Milliseconds a client may take to send its whole request, head and body: ends slowloris. */
const REQUEST_TIMEOUT_MS = 15_000;
/** Milliseconds between two looks for connections that take longer: what the limit above may be exceeded by. */
const CHECK_INTERVAL_MS = 1_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/**
 * Milliseconds a connection may neither take nor send a byte: ends readers that never read. Event streams have none.
 */
const IDLE_TIMEOUT_MS = 60_000;

/** A caller's own request id, when it is harmless to log and to send back. */
const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** Limits, proxies, request ids and the errors Fastify answers before Nest sees the request. */
export function fastifyOptions(env: Env, logger: Logger) {
  return {
    loggerInstance: logger,
    // One line a request is written when it is answered, by our own hook.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: env.bodyLimit,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionTimeout: IDLE_TIMEOUT_MS,
    http: {
      maxHeaderSize: HEADER_LIMIT_BYTES,
      // Node's own are 60 s, and a look every 30 s.
      headersTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      // A request without one is answered by us, as problem+json.
      requireHostHeader: false,
    },
    trustProxy: env.trustedProxies.length > 0 ? [...env.trustedProxies] : false,
    genReqId: requestId,
    // Longer than any header section we accept: an over-long id is a 404 of ours, not a 414 of the router.
    routerOptions: { maxParamLength: HEADER_LIMIT_BYTES },
    // While it closes, Fastify would answer a bare 503 without Retry-After to what still arrives on open connections.
    // Such a request is served like any other, with `Connection: close`.
    return503OnClosing: false,
    // None of our code is Express middleware.
    skipMiddie: true,
    frameworkErrors: (error, request, reply) => {
      const status = error.statusCode === 414 ? 414 : 400;
      const detail = 'The URL is malformed.';
      reply.header('x-request-id', request.id);
      sendProblem(reply, problem({ status, ...(status === 400 && { detail }) }), request.id);
    },
    clientErrorHandler: answerClientError,
  } satisfies FastifyHttpOptions<Server> & { skipMiddie: boolean };
}

function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
