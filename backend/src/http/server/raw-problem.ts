import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEM_CONTENT_TYPE, problem } from '../errors/problem.ts';

/** What any route of the API can be asked with; for answers that know no route. */
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';

/** Node's and its parser's codes for requests that are none, and the status each deserves. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Answers what Node answers by itself, with an empty body or none at all, where Fastify is never asked: requests its
 * parser gave up on, `CONNECT`, and expectations nobody meets.
 */
export function answerUnroutable(server: Server): void {
  server.on('checkExpectation', (_request, response: ServerResponse) => {
    const { body, headers } = rawProblem(417);
    response.writeHead(417, headers).end(body);
  });
  server.on('connect', (_request, socket: Duplex) => endWithProblem(socket, 405, { allow: METHODS }));
}

/** Fastify's `clientErrorHandler`: no request exists, only a socket to write to. */
export function answerClientError(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
  else endWithProblem(socket, STATUS_BY_CODE[error.code ?? ''] ?? 400);
}

/** Writes a whole answer and ends the connection, whatever the other side still means to send. */
function endWithProblem(socket: Duplex, status: number, extra: Readonly<Record<string, string>> = {}): void {
  const { body, headers } = rawProblem(status);
  const lines = Object.entries({ ...headers, ...extra }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\n${lines.join('')}\r\n${body}`, () =>
    socket.destroy(),
  );
}

function rawProblem(status: number): { body: string; headers: Record<string, string> } {
  const requestId = randomUUID();
  const body = JSON.stringify({ ...problem({ status }), requestId });
  return {
    body,
    headers: {
      'content-type': PROBLEM_CONTENT_TYPE,
      'content-length': String(Buffer.byteLength(body)),
      'x-request-id': requestId,
      'cache-control': 'no-store',
      connection: 'close',
    },
  };
}
