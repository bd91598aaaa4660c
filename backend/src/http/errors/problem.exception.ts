import { HttpException } from '@nestjs/common';
import { MAX_ERRORS, problem, type ProblemError } from './problem.ts';

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

/** Characters of a pointer or message: what comes back stays smaller than what came. */
const MAX_TEXT = 300;

/** 400 naming each refused field, {@link MAX_ERRORS} at most. */
export function validationProblem(errors: readonly ProblemError[]): ProblemException {
  const more = errors.length > MAX_ERRORS;
  return new ProblemException(400, {
    code: 'validation_failed',
    detail: more
      ? `The request has invalid values; "errors" says which are the first ${MAX_ERRORS}, and there are more.`
      : 'The request has invalid values; "errors" says which.',
    errors: errors
      .slice(0, MAX_ERRORS)
      .map(({ pointer, message }) => ({ pointer: shorten(pointer), message: shorten(message) })),
  });
}

/** 400: a body is needed and none came. */
export function emptyBodyProblem(): ProblemException {
  return new ProblemException(400, {
    code: 'malformed_json',
    detail: 'The body is not valid JSON.',
    errors: [{ pointer: '', message: 'must not be empty: send a JSON object' }],
  });
}

function shorten(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

/** The one 404 of a resource: a missing one and another user's are told apart by nothing. */
export function notFoundProblem(): ProblemException {
  return new ProblemException(404);
}
