import type { components } from './schema.ts';

/** The body of an error response. */
export type Problem = components['schemas']['Problem'];

/**
 * An error response of the API, thrown by {@link unwrap}.
 *
 * @example
 * try { await unwrap(api.PATCH('/api/tasks/{id}', …)) }
 * catch (error) { if (error instanceof ApiProblem && error.status === 412) await reload(); }
 */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  /** The HTTP status. */
  readonly status: number;
  /** The kind of problem, for programs, e.g. `precondition_failed`. */
  readonly code: string;
  /** The request's id, to look for in the API's logs. */
  readonly requestId: string | undefined;
  /** The refused inputs, each with a JSON pointer such as `/title`. */
  readonly errors: NonNullable<Problem['errors']>;
  /** Seconds to wait before the next try, when the API said so. */
  readonly retryAfter: number | undefined;

  constructor(
    /** The whole body. */
    readonly problem: Problem,
    response: Response,
  ) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
    this.requestId = problem.requestId;
    this.errors = problem.errors ?? [];
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    this.retryAfter = Number.isFinite(seconds) ? seconds : undefined;
  }

  /** The message of one field's refusal. @example problem.messageOf('/title') */
  messageOf(pointer: string): string | undefined {
    return this.errors.find((error) => error.pointer === pointer)?.message;
  }
}

/** Makes a problem of whatever an error response has as its body: a proxy before the API may answer in HTML. */
export function toApiProblem(body: unknown, response: Response): ApiProblem {
  if (isProblem(body)) return new ApiProblem(body, response);
  const detail = `The server answered ${response.status} without a description.`;
  const problem = {
    type: 'about:blank',
    title: response.statusText || 'Error',
    status: response.status,
    detail,
    code: 'unknown',
    requestId: response.headers.get('x-request-id') ?? '',
  };
  return new ApiProblem(problem, response);
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'status' in body && 'detail' in body;
}
