import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { AuthForbiddenException } from '@session-guard/auth';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EntityNotFoundError } from 'typeorm';
import type { AuditLog } from '../../audit/audit.log.ts';
import { describeFailure } from '../../logging/failure.ts';
import type { RefusalLimit } from '../../rate-limit/refusal.limit.ts';
import { databaseFailure } from './database-failure.ts';
import type { DatabasePointers } from './database-pointers.ts';
import { databaseProblem } from './database-problem.ts';
import { PROBLEM_CONTENT_TYPE, problem, type Problem, type ProblemError } from './problem.ts';
import { ProblemException } from './problem.exception.ts';

/** Seconds a client is asked to wait while the database is away. */
const RETRY_AFTER_S = '2';
const UNAVAILABLE_LINE = 'request refused: a dependency is unavailable';
/** The challenge of a 401 that the guard did not give. */
const CHALLENGE = 'Bearer realm="api", error="invalid_token"';
/** Nobody is there any more to read it: it is for the log. */
const BROKEN_OFF = problem({
  status: 400,
  code: 'request_aborted',
  detail: 'The request ended before it was complete.',
});

/**
 * Every error leaves as problem+json: exceptions of handlers and guards, database errors, Fastify's own (bad JSON, too
 * large, unknown route) and whatever nobody expected. Messages of unknown errors stay in the log.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter<unknown> {
  /**
   * @param refusals Counts what proves nobody by its address.
   * @param audit Notes 401s and 403s.
   * @param pointers Finds the inputs that a database error is about.
   */
  constructor(
    private readonly refusals?: RefusalLimit,
    private readonly audit?: AuditLog,
    private readonly pointers?: DatabasePointers,
  ) {}

  catch(exception: unknown, host: ArgumentsHost): void | Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const body = isBrokenOff(request) ? BROKEN_OFF : toProblem(exception);
    const isRefusedRow =
      this.pointers !== undefined &&
      body !== BROKEN_OFF &&
      body.status < 500 &&
      !(exception instanceof HttpException) &&
      databaseFailure(exception) !== undefined;
    if (!isRefusedRow) return this.#answer(exception, body, request, reply);
    return this.#complete(body, exception, request).then((completed) =>
      this.#answer(exception, completed, request, reply),
    );
  }

  /** Names the inputs; without them where the database can't be asked for its constraints now. */
  async #complete(body: Problem, exception: unknown, request: FastifyRequest): Promise<Problem> {
    try {
      if (await this.pointers?.isOwnerGone(exception)) return problem({ status: 401 });
      return (await this.pointers?.complete(body, exception, request)) ?? body;
    } catch {
      return body;
    }
  }

  #answer(exception: unknown, body: Problem, request: FastifyRequest, reply: FastifyReply): void | Promise<void> {
    this.audit?.refused(request, exception, body.status);
    if (body.status === 401 && !reply.hasHeader('www-authenticate')) reply.header('www-authenticate', CHALLENGE);
    const sendLimited = (limited: unknown): void => {
      reply.removeHeader('www-authenticate');
      this.#send(limited, toProblem(limited), request, reply);
    };
    try {
      const counted = this.#count(exception, body.status, request, reply);
      if (counted) return counted.then(() => this.#send(exception, body, request, reply)).catch(sendLimited);
    } catch (limited) {
      return sendLimited(limited);
    }
    this.#send(exception, body, request, reply);
  }

  /** Whatever proved nobody counts, wherever it was refused; who is known and refused counts like any other request. */
  #count(exception: unknown, status: number, request: FastifyRequest, reply: FastifyReply): void | Promise<void> {
    if (!this.refusals || request.user || status === 429 || status >= 500) return;
    const userId = exception instanceof AuthForbiddenException ? exception.userId : undefined;
    return userId === undefined ? this.refusals.count(request, reply) : this.refusals.countUser(userId, reply);
  }

  #send(exception: unknown, body: Problem, request: FastifyRequest, reply: FastifyReply): void {
    if (body === BROKEN_OFF) request.log.info({ code: body.code }, 'request broken off by the client');
    else logFailure(request, exception, body);
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

/** Whether the connection went while the request was still coming. Its error looks like that of a lost database. */
function isBrokenOff({ raw }: FastifyRequest): boolean {
  return raw.destroyed && !raw.complete;
}

/** What a client may know of an error. */
export function toProblem(exception: unknown): Problem {
  if (exception instanceof HttpException) return fromHttpException(exception);
  const known = databaseProblem(exception);
  if (known !== undefined) return known;
  if (exception instanceof EntityNotFoundError) return problem({ status: 404 });
  const status = statusOf(exception);
  return problem({
    status: status !== undefined && status >= 400 && status < 500 ? status : 500,
    ...malformedJson(exception, status),
  });
}

function fromHttpException(exception: HttpException): Problem {
  const status = exception.getStatus();
  const body: unknown = exception.getResponse();
  const given = typeof body === 'object' && body !== null ? body : {};
  const cause = 'code' in given ? undefined : databaseProblem(exception.cause);
  if (cause?.status === 503) return cause;
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

function malformedJson(
  exception: unknown,
  status: number | undefined,
): { code: string; detail: string; errors: ProblemError[] } | undefined {
  if (status !== 400 || !(exception instanceof Error)) return undefined;
  const code = 'code' in exception && typeof exception.code === 'string' ? exception.code : '';
  const isBody = exception instanceof SyntaxError || code.startsWith('FST_ERR_CTP');
  if (!isBody) return undefined;
  const message =
    code === 'FST_ERR_CTP_EMPTY_JSON_BODY'
      ? 'must not be empty when Content-Type is application/json'
      : 'must be valid JSON without __proto__ or constructor.prototype keys';
  return { code: 'malformed_json', detail: 'The body is not valid JSON.', errors: [{ pointer: '', message }] };
}

/** A line for the operator: every fault of ours, every dependency that failed, and what the database refused. */
function logFailure(request: FastifyRequest, exception: unknown, body: Problem): void {
  if (body.status < 500 && (exception instanceof HttpException || databaseFailure(exception) === undefined)) return;
  const line = { code: body.code, status: body.status, ...describeFailure(exception) };
  if (body.status === 503)
    request.log.warn(
      line,
      body.code === 'time_limit' ? 'request stopped: a statement reached its time limit' : UNAVAILABLE_LINE,
    );
  else if (body.status >= 500) request.log.error(line, 'request failed');
  else request.log.info(line, 'request refused: the database did not accept a row');
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
  return (
    Array.isArray(value) &&
    value.every((item: unknown) => typeof item === 'object' && item !== null && 'pointer' in item && 'message' in item)
  );
}
