import { connect } from 'node:net';
import { BadRequestException, HttpException, NotFoundException, UnauthorizedException } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { AuthForbiddenException } from '@session-guard/auth';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { EntityNotFoundError, QueryFailedError } from 'typeorm';
import type { AuditLog } from '../../audit/audit.log.ts';
import { rateLimited } from '../../rate-limit/address.standing.ts';
import type { RefusalLimit } from '../../rate-limit/refusal.limit.ts';
import type { DatabasePointers } from './database-pointers.ts';
import { ProblemException } from './problem.exception.ts';
import { ProblemFilter, toProblem } from './problem.filter.ts';

const SECRET = 'hunter2';
/** pino's levels. */
const [INFO, WARN, ERROR] = [30, 40, 50];

interface Surroundings {
  readonly refusals?: Partial<RefusalLimit>;
  readonly audit?: Partial<AuditLog>;
  readonly pointers?: Partial<DatabasePointers>;
  /** Of the user the guard let through. */
  readonly userId?: string;
  /** What the route does before it throws. */
  readonly first?: (reply: { header(name: string, value: string): unknown; raw: { flushHeaders(): void } }) => void;
}

/** A server whose only route throws `exception`, and what it logged. */
function serve(
  exception: unknown,
  { refusals, audit, pointers, userId, first }: Surroundings = {},
): { app: FastifyInstance; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const write = (text: string): void => {
    const line = JSON.parse(text) as Record<string, unknown>;
    // Fastify's own two lines of each request have none.
    if ('code' in line) lines.push(line);
  };
  const app = fastify({ logger: { level: 'info', stream: { write } } });
  const filter = new ProblemFilter(refusals as RefusalLimit, audit as AuditLog, pointers as DatabasePointers);
  const fail = (thrown: unknown, ...args: [FastifyRequest, FastifyReply]): void =>
    void filter.catch(thrown, new ExecutionContextHost(args));
  app.setErrorHandler(fail);
  app.post('/', (request, reply) => {
    if (userId !== undefined) Object.assign(request, { user: { id: userId } });
    first?.(reply);
    fail(exception, request, reply);
    return reply;
  });
  return { app, lines };
}

async function answer(exception: unknown, surroundings: Surroundings = {}) {
  const { app, lines } = serve(exception, surroundings);
  const { statusCode, headers, body } = await app.inject({ method: 'POST', url: '/' });
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(headers['cache-control']).toBe('no-store');
  const problem = JSON.parse(body) as Record<string, unknown>;
  expect(problem['status']).toBe(statusCode);
  expect(problem['requestId']).toMatch(/^req-/);
  expect(body).not.toContain(SECRET);
  return {
    status: statusCode,
    code: problem['code'],
    detail: problem['detail'],
    title: problem['title'],
    errors: problem['errors'],
    headers,
    lines,
  };
}

/** A database error as TypeORM throws it. */
const failed = (code: string, statement = 'insert into note values ($1)') =>
  new QueryFailedError(statement, [SECRET], Object.assign(new Error(SECRET), { code, detail: SECRET }));
const away = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

describe('what the client may know', () => {
  it('of an exception that was written for it: all of it, its headers included', async () => {
    const errors = [{ pointer: '/a', message: 'm' }];
    const found = await answer(
      new ProblemException(422, { code: 'odd', detail: 'It is odd.', errors, headers: { 'x-odd': 'yes' } }),
    );
    expect(found).toMatchObject({
      status: 422,
      code: 'odd',
      detail: 'It is odd.',
      errors,
      headers: { 'x-odd': 'yes' },
    });
    expect(await answer(new HttpException({ code: 'c', title: 'T', detail: 'D', errors }, 409))).toMatchObject({
      status: 409,
      code: 'c',
      title: 'T',
      detail: 'D',
      errors,
    });
  });

  it.each([
    ['Nest’s own, which echoes the request', new NotFoundException(`Cannot GET /${SECRET}`), 404, 'not_found'],
    ['a body without a code', new HttpException({ title: SECRET, detail: SECRET }, 403), 403, 'forbidden'],
    ['a body that is text', new HttpException(SECRET, 400), 400, 'bad_request'],
    ['a body that is null', new HttpException(null as unknown as string, 400), 400, 'bad_request'],
    ['codes and words that are no text', new HttpException({ code: 5, title: 6, detail: 7 }, 400), 400, 'bad_request'],
    ['a row that isn’t there', new EntityNotFoundError('Note', { title: SECRET }), 404, 'not_found'],
    ['what nobody expected', new Error(SECRET), 500, 'internal_error'],
    ['what is no error at all', SECRET, 500, 'internal_error'],
    ['nothing', undefined, 500, 'internal_error'],
    ['null', null, 500, 'internal_error'],
    ['a status of the client’s', Object.assign(new Error(SECRET), { statusCode: 413 }), 413, 'body_too_large'],
    ['the first status of the client’s', Object.assign(new Error(SECRET), { statusCode: 400 }), 400, 'bad_request'],
    ['the last', Object.assign(new Error(SECRET), { statusCode: 499 }), 499, 'bad_request'],
    ['a status that is no error', Object.assign(new Error(SECRET), { statusCode: 399 }), 500, 'internal_error'],
    ['a status of the server’s', Object.assign(new Error(SECRET), { statusCode: 500 }), 500, 'internal_error'],
    ['another', Object.assign(new Error(SECRET), { statusCode: 503 }), 500, 'internal_error'],
    ['a status that is text', Object.assign(new Error(SECRET), { statusCode: '404' }), 500, 'internal_error'],
  ])('of %s: the status', async (_what, exception, status, code) => {
    const found = await answer(exception);
    expect(found).toMatchObject({ status, code });
    expect(found.errors).toBeUndefined();
    expect(found.detail).toMatch(/\.$/);
  });

  it.each<[string, unknown]>([
    ['no list', SECRET],
    ['a list of texts', ['x']],
    ['a list with null', [null]],
    ['without a message', [{ pointer: '/a' }]],
    ['without a pointer', [{ message: 'm' }]],
    ['with one that is none among others', [{ pointer: '/a', message: 'm' }, 5]],
  ])('errors that are none are left out: %s', async (_what, errors) => {
    expect(toProblem(new HttpException({ code: 'c', errors }, 400))).toMatchObject({ status: 400, code: 'c' });
    expect((await answer(new HttpException({ code: 'c', errors }, 400))).errors).toBeUndefined();
  });

  it('of what can’t even be looked into: that it failed', () => {
    for (const thrown of [null, undefined, 5, 'statusCode']) expect(toProblem(thrown)).toMatchObject({ status: 500 });
  });

  it('a code alone keeps the status’s own words', async () => {
    expect(await answer(new HttpException({ code: 'c' }, 404))).toMatchObject({
      code: 'c',
      title: 'Not Found',
      detail: 'There is nothing here.',
    });
  });
});

describe('a body that is not JSON', () => {
  const parse = { code: 'malformed_json', detail: 'The body is not valid JSON.' };
  const NOT_JSON = [{ pointer: '', message: 'must be valid JSON without __proto__ or constructor.prototype keys' }];
  const coded = (code: unknown, statusCode = 400) => Object.assign(new Error(SECRET), { statusCode, code });

  it.each<[string, unknown, unknown]>([
    ['Fastify’s parser', Object.assign(new SyntaxError(SECRET), { statusCode: 400 }), NOT_JSON],
    ['Fastify’s word for a poisoned key', coded('FST_ERR_CTP_INVALID_JSON_BODY'), NOT_JSON],
    ['Nest’s wrapping of it', new BadRequestException(SECRET, { cause: new SyntaxError(SECRET) }), NOT_JSON],
    [
      'an empty one',
      coded('FST_ERR_CTP_EMPTY_JSON_BODY'),
      [{ pointer: '', message: 'must not be empty when Content-Type is application/json' }],
    ],
  ])('%s', async (_what, exception, errors) => {
    expect(await answer(exception)).toMatchObject({ status: 400, ...parse, errors });
  });

  it.each<[string, unknown, number]>([
    ['another code', coded('FST_ERR_VALIDATION'), 400],
    ['a code that is no text', coded(5), 400],
    ['a body too large', coded('FST_ERR_CTP_BODY_TOO_LARGE', 413), 413],
    ['a syntax error of ours', new SyntaxError(SECRET), 500],
    ['something else than an error', { statusCode: 400, code: 'FST_ERR_CTP_INVALID_JSON_BODY' }, 400],
  ])('is not: %s', async (_what, exception, status) => {
    const found = await answer(exception);
    expect(found.status).toBe(status);
    expect(found.code).not.toBe('malformed_json');
  });
});

describe('the database', () => {
  it('away: 503, and when to come back', async () => {
    expect(await answer(away())).toMatchObject({
      status: 503,
      code: 'database_unavailable',
      headers: { 'retry-after': '2' },
    });
    expect(await answer(new UnauthorizedException('x', { cause: away() }))).toMatchObject({
      status: 503,
      code: 'database_unavailable',
    });
    expect(await answer(new ProblemException(503, { headers: { 'retry-after': '9' } }))).toMatchObject({
      headers: { 'retry-after': '9' },
    });
    expect((await answer(new ProblemException(409))).headers).not.toHaveProperty('retry-after');
  });

  it('an exception that names its own code keeps it, and one whose cause is a refused row its status', async () => {
    expect(await answer(new HttpException({ code: 'c' }, 409, { cause: away() }))).toMatchObject({
      status: 409,
      code: 'c',
    });
    expect(await answer(new NotFoundException('x', { cause: failed('23505') }))).toMatchObject({
      status: 404,
      code: 'not_found',
    });
  });

  it('a refused row is completed with its inputs, out of the request', async () => {
    const asked: unknown[] = [];
    const pointers: Surroundings['pointers'] = {
      isOwnerGone: () => Promise.resolve(false),
      complete: (problem, _error, request) => (
        asked.push(Object.keys(request).includes('params') || 'body' in request),
        Promise.resolve({ ...problem, errors: [{ pointer: '/title', message: 'is taken already' }] })
      ),
    };
    expect(await answer(failed('23505'), { pointers })).toMatchObject({
      status: 409,
      errors: [{ pointer: '/title', message: 'is taken already' }],
    });
    expect(asked).toEqual([true]);
  });

  it('a row whose owner is no user any more is a credential that holds no longer', async () => {
    const pointers: Surroundings['pointers'] = { isOwnerGone: () => Promise.resolve(true) };
    const found = await answer(failed('23503'), { pointers });
    expect(found).toMatchObject({
      status: 401,
      code: 'unauthenticated',
      headers: { 'www-authenticate': 'Bearer realm="api", error="invalid_token"' },
    });
  });

  it('where it can’t be asked, the answer does without', async () => {
    expect(await answer(failed('23505'), { pointers: { isOwnerGone: () => Promise.reject(away()) } })).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    expect(await answer(failed('23505'))).toMatchObject({ status: 409, code: 'conflict' });
  });

  it.each<[string, unknown]>([
    ['an exception of the code’s own', new HttpException({ code: 'c' }, 409, { cause: failed('23505') })],
    ['a fault of ours', failed('42601')],
    ['what is no error of the database', new EntityNotFoundError('Note', {})],
  ])('is asked for no inputs of %s', async (_what, exception) => {
    const no = () => Promise.resolve(true);
    expect((await answer(exception, { pointers: { isOwnerGone: no } })).status).not.toBe(401);
  });
});

describe('who proved nobody', () => {
  const counting = (outcome: () => void | Promise<void> = () => undefined) => {
    const counted: string[] = [];
    const refusals: Surroundings['refusals'] = {
      count: (request) => (counted.push(request.ip), outcome()),
      countUser: (userId) => (counted.push(userId), outcome()),
    };
    return { counted, refusals };
  };

  it.each<[string, unknown, string | undefined, string[]]>([
    ['an address, for a credential that was refused', new UnauthorizedException(), undefined, ['127.0.0.1']],
    ['an address, for an unknown route', new NotFoundException(), undefined, ['127.0.0.1']],
    [
      'a user whom the guard knew and refused',
      Object.assign(new AuthForbiddenException('role_required', 'x'), { userId: 'ada' }),
      undefined,
      ['ada'],
    ],
    ['nobody, for a user who was let through', new NotFoundException(), 'ada', []],
    ['nobody, for the refusal itself', rateLimited(5, 1_000), undefined, []],
    ['nobody, for a fault of ours', new Error('x'), undefined, []],
    ['nobody, while the database is away', away(), undefined, []],
  ])('counts: %s', async (_what, exception, userId, expected) => {
    const { counted, refusals } = counting();
    await answer(exception, { refusals, ...(userId !== undefined && { userId }) });
    expect(counted).toEqual(expected);
  });

  it.each([
    [
      'at once',
      () => {
        throw rateLimited(5, 30_000);
      },
    ],
    ['later', () => Promise.reject(rateLimited(5, 30_000))],
  ])('gets 429 past the limit, and no challenge: said %s', async (_when, outcome) => {
    const found = await answer(new UnauthorizedException(), { refusals: counting(outcome).refusals });
    expect(found).toMatchObject({
      status: 429,
      code: 'rate_limited',
      headers: { 'retry-after': '30', 'ratelimit-limit': '5' },
    });
    expect(found.headers).not.toHaveProperty('www-authenticate');
  });

  it('gets the refusal as it was within it, also where the count comes later', async () => {
    const found = await answer(new UnauthorizedException(), { refusals: counting(() => Promise.resolve()).refusals });
    expect(found).toMatchObject({ status: 401, headers: { 'www-authenticate': expect.stringContaining('Bearer') } });
  });

  it('every 401 has a challenge, the guard’s own where it gave one, and nothing else has', async () => {
    const first: Surroundings['first'] = (reply) => reply.header('www-authenticate', 'Bearer realm="mine"');
    expect((await answer(new UnauthorizedException(), { first })).headers['www-authenticate']).toBe(
      'Bearer realm="mine"',
    );
    expect((await answer(new UnauthorizedException())).headers['www-authenticate']).toBe(
      'Bearer realm="api", error="invalid_token"',
    );
    expect((await answer(new NotFoundException())).headers).not.toHaveProperty('www-authenticate');
  });

  it('is told to the audit log, with the status that was answered', async () => {
    const told: unknown[] = [];
    const exception = new UnauthorizedException();
    await answer(exception, {
      audit: { refused: (request, error, status) => void told.push([request.method, error, status]) },
    });
    expect(told).toEqual([['POST', exception, 401]]);
  });
});

describe('the operator', () => {
  const linesOf = async (exception: unknown) =>
    (await answer(exception)).lines.map(({ level, code, status, msg, errorName }) => ({
      level,
      code,
      status,
      msg,
      errorName,
    }));

  it('sees every fault of ours, every dependency that failed and every row that was refused', async () => {
    expect(await linesOf(new TypeError(SECRET))).toEqual([
      { level: ERROR, code: 'internal_error', status: 500, msg: 'request failed', errorName: 'TypeError' },
    ]);
    expect(await linesOf(away())).toEqual([
      {
        level: WARN,
        code: 'database_unavailable',
        status: 503,
        msg: 'request refused: a dependency is unavailable',
        errorName: 'Error',
      },
    ]);
    expect(await linesOf(failed('57014'))).toEqual([
      {
        level: WARN,
        code: 'time_limit',
        status: 503,
        msg: 'request stopped: a statement reached its time limit',
        errorName: 'QueryFailedError',
      },
    ]);
    expect(await linesOf(failed('23505'))).toEqual([
      {
        level: INFO,
        code: 'conflict',
        status: 409,
        msg: 'request refused: the database did not accept a row',
        errorName: 'QueryFailedError',
      },
    ]);
    expect(await linesOf(new HttpException('x', 500))).toMatchObject([{ level: ERROR, status: 500 }]);
  });

  it('isn’t bothered with what clients do wrong', async () => {
    expect(await linesOf(new NotFoundException())).toEqual([]);
    expect(await linesOf(new HttpException('x', 409, { cause: failed('23505') }))).toEqual([]);
    expect(await linesOf(Object.assign(new Error('x'), { statusCode: 413 }))).toEqual([]);
  });
});

/** Sends `text` to the server, and ends once its connection is closed. */
async function talk(app: FastifyInstance, text: string, hangUp: boolean): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  const port = Number(new URL(app.listeningOrigin).port);
  const heard = await new Promise<string>((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text, () => hangUp && socket.resetAndDestroy()));
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
  });
  return heard;
}

it('a request that the client broke off is no error, and counts against nobody', async () => {
  const counted: string[] = [];
  const { app, lines } = serve(new Error('x'), {
    refusals: { count: (request) => void counted.push(request.ip) },
    pointers: { isOwnerGone: () => Promise.resolve(true) },
  });
  const logged = new Promise<void>((resolve) => app.addHook('onError', () => Promise.resolve(resolve())));
  await talk(app, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{', true);
  await logged;
  await app.close();
  expect(lines).toEqual([
    expect.objectContaining({ level: INFO, code: 'request_aborted', msg: 'request broken off by the client' }),
  ]);
});

it('an answer that has begun can’t become another one: its connection is closed', async () => {
  const { app } = serve(new Error(SECRET), { first: ({ raw }) => raw.flushHeaders() });
  const heard = await talk(app, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n', false);
  await app.close();
  expect(heard).toMatch(/^HTTP\/1.1 200/);
  expect(heard).not.toContain('problem');
});
