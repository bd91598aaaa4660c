import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditLog } from '../audit/audit.log.ts';
import type { RefusalLimit } from '../rate-limit/refusal.limit.ts';
import { isDatabaseUnavailable, sqlState } from './database-unavailable.ts';
import { PROBLEM_CONTENT_TYPE, problem, type Problem, type ProblemError } from './problem.ts';
import { ProblemException } from './problem.exception.ts';

/** Seconds a client is asked to wait while the database is away. */
const RETRY_AFTER_S = '2';
const DATABASE_AWAY = problem({ status: 503, code: 'database_unavailable', detail: 'The database does not answer for the moment: retry after the time Retry-After says.' });

/**
 * Every error leaves as problem+json: exceptions of handlers and guards, Fastify's own (bad JSON, too large, unknown
 * route) and whatever nobody expected. Messages of unknown errors stay in the log.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter<unknown> {
  /**
   * @param refusals Counts 401s by address.
   * @param audit Notes 401s and 403s.
   */
  constructor(
    private readonly refusals?: RefusalLimit,
    private readonly audit?: AuditLog,
  ) {}

  catch(exception: unknown, host: ArgumentsHost): void | Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const body = toProblem(exception);
    this.audit?.refused(request, exception, body.status);
    if (body.status !== 401) return this.#send(exception, body, request, reply);
    const sendLimited = (limited: unknown): void => {
      reply.removeHeader('www-authenticate');
      this.#send(limited, toProblem(limited), request, reply);
    };
    try {
      const counted = this.refusals?.count(request, reply);
      if (counted) return counted.then(() => this.#send(exception, body, request, reply)).catch(sendLimited);
    } catch (limited) {
      return sendLimited(limited);
    }
    this.#send(exception, body, request, reply);
  }

  #send(exception: unknown, body: Problem, request: FastifyRequest, reply: FastifyReply): void {
    if (body.status >= 500) logFailure(request, exception, body);
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (exception instanceof ProblemException) reply.headers({ ...exception.headers });
    if (body.status === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', RETRY_AFTER_S);
    sendProblem(reply, body, request.id);
  }
}

/** Sends a problem with the request's id; used where Nest's filters do not reach. */
export function sendProblem(reply: FastifyReply, body: Problem, requestId: string): void {
  reply
    .code(body.status)
    .header('content-type', PROBLEM_CONTENT_TYPE)
    .header('cache-control', 'no-store')
    .serializer(JSON.stringify)
    .send({ ...body, requestId });
}

/** What a client may know of an error. */
export function toProblem(exception: unknown): Problem {
  if (exception instanceof HttpException) return fromHttpException(exception);
  if (isDatabaseUnavailable(exception)) return DATABASE_AWAY;
  const state = sqlState(exception);
  if (state === '22021' || state === '22P05') {
    return problem({ status: 400, code: 'validation_failed', detail: 'The request has characters that cannot be stored.' });
  }
  const status = statusOf(exception);
  return problem({ status: status !== undefined && status >= 400 && status < 500 ? status : 500, ...malformedJson(exception, status) });
}

function fromHttpException(exception: HttpException): Problem {
  const status = exception.getStatus();
  const body: unknown = exception.getResponse();
  const given = typeof body === 'object' && body !== null ? body : {};
  if (!('code' in given) && isDatabaseUnavailable(exception.cause)) return DATABASE_AWAY;
  const code = text(given, 'code');
  return problem({
    status,
    ...malformedJson(exception.cause ?? exception, status),
    ...(code !== undefined && { code }),
    // Only a body that names a code was written for the client; Nest's default messages echo the request.
    ...(code !== undefined && text(given, 'title') !== undefined && { title: text(given, 'title') ?? '' }),
    ...(code !== undefined && text(given, 'detail') !== undefined && { detail: text(given, 'detail') ?? '' }),
    ...('errors' in given && isProblemErrors(given.errors) && { errors: given.errors }),
  });
}

function malformedJson(exception: unknown, status: number | undefined): { code: string; detail: string; errors: ProblemError[] } | undefined {
  if (status !== 400 || !(exception instanceof Error)) return undefined;
  const code = 'code' in exception && typeof exception.code === 'string' ? exception.code : '';
  const isBody = exception instanceof SyntaxError || code.startsWith('FST_ERR_CTP');
  if (!isBody) return undefined;
  const message = code === 'FST_ERR_CTP_EMPTY_JSON_BODY' ? 'must not be empty when Content-Type is application/json' : 'must be valid JSON without __proto__ or constructor.prototype keys';
  return { code: 'malformed_json', detail: 'The body is not valid JSON.', errors: [{ pointer: '', message }] };
}

/** Names the failure for the operator; never the query's parameters, which may hold what users wrote. */
function logFailure(request: FastifyRequest, exception: unknown, body: Problem): void {
  const state = sqlState(exception);
  const error = exception instanceof Error ? exception : new Error('A value that is not an Error was thrown');
  const known = body.status === 503;
  request.log[known ? 'warn' : 'error'](
    { code: body.code, errorName: error.name, ...(state !== undefined && { sqlState: state }), ...(!known && state === undefined && { stack: error.stack }) },
    known ? 'request refused: a dependency is unavailable' : 'request failed',
  );
}

function statusOf(exception: unknown): number | undefined {
  if (typeof exception !== 'object' || exception === null) return undefined;
  const status = 'statusCode' in exception ? exception.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

function text(value: object, key: string): string | undefined {
  const found: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
  return typeof found === 'string' ? found : undefined;
}

function isProblemErrors(value: unknown): value is ProblemError[] {
  return Array.isArray(value) && value.every((item: unknown) => typeof item === 'object' && item !== null && 'pointer' in item && 'message' in item);
}
