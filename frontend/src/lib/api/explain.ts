import { ApiProblem } from '@session-guard/api-client';
import { NoAnswer } from './no-answer.ts';

/** The service was away, as opposed to having refused. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof NoAnswer || (error instanceof ApiProblem && [502, 503, 504].includes(error.status));
}

/** Signed out: the page is being left already, and there is nothing to say. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401;
}

/** A sentence for a failure to read something. */
export function explainReading(error: unknown): string {
  if (error instanceof NoAnswer) return 'No answer came. Check your connection.';
  if (isUnavailable(error)) return 'The service can’t answer right now.';
  return explain(error);
}

/**
 * A sentence for a change that failed. It says that nothing was saved only where that is certain.
 *
 * @param unknown Whether it may have been saved: it was sent, and no answer came.
 */
export function explain(error: unknown, unknown = false): string {
  if (unknown || error === undefined) return 'No answer came, so we don’t know whether it was saved.';
  if (error instanceof NoAnswer) return 'No connection. Nothing was saved.';
  if (isUnavailable(error)) return 'The service can’t answer right now. Nothing was saved.';
  if (!(error instanceof ApiProblem)) return 'Something went wrong. Try again.';
  if (error.status === 404) return 'This task is gone.';
  if (error.status === 429) return 'That was a lot at once. Wait a moment and try again.';
  return error.errors[0]?.message ?? error.message;
}
