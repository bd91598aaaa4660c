/** An answer of the API that is not a success. */
export class ApiError extends Error {
  override name = 'ApiError';

  constructor(
    /** HTTP status; 0 when no answer came at all. */
    readonly status: number,
    /** The API's code, such as `precondition_failed`; empty without an answer. */
    readonly code: string,
    /** The API's words, made for a person. */
    detail: string,
    /** Seconds to wait before trying again, when the API said so. */
    readonly retryAfter: number | undefined,
  ) {
    super(detail);
  }

  /** The service was away, as opposed to having refused. */
  get unavailable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** Reads a problem+json answer into an error. */
export function toApiError(response: Response, body: unknown): ApiError {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as {
    code?: unknown;
    detail?: unknown;
    errors?: { detail?: unknown; message?: unknown }[];
  };
  const first = Array.isArray(problem.errors) ? (problem.errors[0]?.message ?? problem.errors[0]?.detail) : undefined;
  const detail = typeof first === 'string' ? first : typeof problem.detail === 'string' ? problem.detail : 'That didn’t work.';
  const seconds = Number(response.headers.get('retry-after'));
  return new ApiError(
    response.status,
    typeof problem.code === 'string' ? problem.code : '',
    detail,
    Number.isFinite(seconds) && seconds > 0 ? seconds : undefined,
  );
}

/** A sentence for any failure of a call. */
export function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return 'Something went wrong. Try again.';
  if (error.status === 0) return 'No answer. Check your connection; nothing was saved.';
  if (error.unavailable) return 'The service can’t answer right now. Nothing was saved.';
  if (error.status === 429) return 'That was a lot at once. Wait a moment and try again.';
  if (error.status === 404) return 'This task is gone.';
  return error.message;
}
