import { STATUS_CODES } from 'node:http';

/** One refused input: where it is in the request and what is wrong with it. */
export interface ProblemError {
  /** JSON pointer into the body (`/title`), or `/query/limit`, `/path/id`, `/headers/if-match`. */
  readonly pointer: string;
  readonly message: string;
}

/** The body of every error response, `application/problem+json` (RFC 9457). */
export interface Problem {
  /** Identifies the kind of problem; stable across releases. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What happened and what to do about it, for people. */
  readonly detail: string;
  /** The kind of problem, for programs. */
  readonly code: string;
  /** The request's id, as in the `X-Request-Id` header and the logs. */
  readonly requestId?: string;
  /** Present on validation problems. */
  readonly errors?: readonly ProblemError[];
}

/** Refused values after which nobody looks further: an answer names that many and says that there are more. */
export const MAX_ERRORS = 50;

export const PROBLEM_CONTENT_TYPE = 'application/problem+json; charset=utf-8';

interface ProblemInit {
  readonly status: number;
  readonly code?: string;
  readonly detail?: string;
  readonly type?: string;
  readonly title?: string;
  readonly errors?: readonly ProblemError[];
}

const DEFAULTS: Readonly<Record<number, { code: string; detail: string }>> = {
  400: { code: 'bad_request', detail: 'The request is malformed.' },
  401: { code: 'unauthenticated', detail: 'A valid session is required.' },
  403: { code: 'forbidden', detail: 'This session may not do that.' },
  404: { code: 'not_found', detail: 'There is nothing here.' },
  405: { code: 'method_not_allowed', detail: 'This method is not supported here.' },
  406: { code: 'not_acceptable', detail: 'The response cannot be given in an acceptable form.' },
  408: { code: 'request_timeout', detail: 'The request took too long to arrive.' },
  409: { code: 'conflict', detail: 'The request conflicts with another one.' },
  412: { code: 'precondition_failed', detail: 'The resource has changed: read it again and retry with its new ETag.' },
  413: { code: 'body_too_large', detail: 'The body is larger than the limit.' },
  414: { code: 'uri_too_long', detail: 'The URL is longer than the limit.' },
  415: { code: 'unsupported_media_type', detail: 'Send the body as application/json.' },
  417: { code: 'expectation_failed', detail: 'Only Expect: 100-continue is supported.' },
  422: { code: 'unprocessable', detail: 'The request cannot be processed.' },
  429: { code: 'rate_limited', detail: 'Too many requests: wait for the time Retry-After says.' },
  431: { code: 'headers_too_large', detail: 'The headers are larger than the limit.' },
  500: {
    code: 'internal_error',
    detail: 'Something went wrong on our side. The request id helps to find it in the logs.',
  },
  503: {
    code: 'unavailable',
    detail: 'The service is unavailable for the moment: retry after the time Retry-After says.',
  },
};

/**
 * Completes a problem from its status: type, title, code and detail are filled in where missing.
 *
 * @example problem({ status: 404 }) // { type: 'urn:problem:not_found', title: 'Not Found', status: 404, … }
 */
export function problem(init: ProblemInit): Problem {
  const fallback = DEFAULTS[init.status] ?? (init.status >= 500 ? DEFAULTS[500] : DEFAULTS[400]);
  const code = init.code ?? fallback?.code ?? 'error';
  return {
    type: init.type ?? `urn:problem:${code}`,
    title: init.title ?? STATUS_CODES[init.status] ?? 'Error',
    status: init.status,
    detail: init.detail ?? fallback?.detail ?? '',
    code,
    ...(init.errors && { errors: init.errors }),
  };
}
