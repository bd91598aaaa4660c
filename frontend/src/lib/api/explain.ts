import { ApiProblem } from '@session-guard/api-client';
import { NoAnswer } from './no-answer.ts';

/** The service was away, as opposed to having refused. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof NoAnswer || (error instanceof ApiProblem && [502, 503, 504].includes(error.status));
}

/** A sentence for any failure of a call, for a person. */
export function explain(error: unknown): string {
  if (error instanceof NoAnswer) return 'No answer. Check your connection; nothing was saved.';
  if (isUnavailable(error)) return 'The service can’t answer right now. Nothing was saved.';
  if (!(error instanceof ApiProblem)) return 'Something went wrong. Try again.';
  if (error.status === 404) return 'This task is gone.';
  if (error.status === 429) return 'That was a lot at once. Wait a moment and try again.';
  return error.errors[0]?.message ?? error.message;
}
