import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { LogController, type FastifyHttpOptions } from 'fastify';
import type { Logger } from 'pino';
import type { Env } from '../env.ts';
import { PROBLEM_CONTENT_TYPE, problem } from './problem.ts';
import { sendProblem } from './problem.filter.ts';

/** Bytes of a body; a batch of 100 tasks with long descriptions fits. */
const BODY_LIMIT = 1_048_576;
/** Bytes of all headers together; more is 431. */
const HEADER_LIMIT = 16_384;
/** Milliseconds a client may take to send its whole request: ends slowloris. */
const REQUEST_TIMEOUT = 15_000;
const KEEP_ALIVE_TIMEOUT = 65_000;

/** A caller's own request id, when it is harmless to log and to send back. */
const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** Limits, proxies, request ids and the errors Fastify answers before Nest sees the request. */
export function fastifyOptions(env: Env, logger: Logger) {
  return {
    loggerInstance: logger,
    // One line a request is written when it is answered, by our own hook.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
    http: { maxHeaderSize: HEADER_LIMIT },
    trustProxy: env.trustedProxies.length > 0 ? [...env.trustedProxies] : false,
    genReqId: requestId,
    // Longer than any header section we accept: an over-long id is a 404 of ours, not a 414 of the router.
    routerOptions: { maxParamLength: HEADER_LIMIT },
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

/** Requests so broken that Node's parser gave up: no request exists, only a socket to write to. */
function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const id = randomUUID();
  const body = JSON.stringify({ ...problem({ status }), requestId: id });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\ncontent-type: ${PROBLEM_CONTENT_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `x-request-id: ${id}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n${body}`,
  );
}
