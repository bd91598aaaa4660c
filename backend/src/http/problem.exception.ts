import { HttpException } from '@nestjs/common';
import { problem, type ProblemError } from './problem.ts';

interface ProblemOptions {
  /** For programs; one per kind of problem. */
  readonly code?: string;
  /** For people; never repeats a credential or a stored value. */
  readonly detail?: string;
  readonly errors?: readonly ProblemError[];
  /** Response headers that belong to the problem, such as `Retry-After` in seconds. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What led to it, for the log. */
  readonly cause?: unknown;
}

/**
 * An HTTP error with a problem+json body.
 *
 * @example throw new ProblemException(412, { code: 'precondition_failed' });
 */
export class ProblemException extends HttpException {
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, options: ProblemOptions = {}) {
    const { headers, cause, ...rest } = options;
    const body = problem({ status, ...rest });
    super({ ...body }, status, { description: body.title, cause });
    this.message = body.detail;
    this.headers = headers ?? {};
  }
}

/** 400 naming each refused field. */
export function validationProblem(errors: readonly ProblemError[]): ProblemException {
  return new ProblemException(400, {
    code: 'validation_failed',
    detail: 'The request has invalid values; "errors" says which.',
    errors,
  });
}

/** The one 404 of a resource: a missing one and another user's are told apart by nothing. */
export function notFoundProblem(): ProblemException {
  return new ProblemException(404);
}
