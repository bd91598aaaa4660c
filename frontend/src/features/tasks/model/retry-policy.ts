import { ApiProblem } from '@session-guard/api-client';
import { NoAnswer } from '../../../lib/api/no-answer.ts';

/** What a failure means for what was asked. */
export interface Failure {
  /** It may have been done all the same. */
  readonly unknown: boolean;
  /** Milliseconds to wait before asking again; undefined when asking again is of no use. */
  readonly retryIn: number | undefined;
}

/**
 * The longest pause between two tries, in milliseconds, and the longest that a person is kept waiting by `Retry-After`.
 */
const LONGEST_WAIT_MS = 60_000;

const backoff = (tries: number) => Math.min(1_000 * 2 ** tries, LONGEST_WAIT_MS / 2);

/**
 * Reads a failure. Only an answer says what happened: without one, or with one of a proxy that had none, the request
 * may have been carried out.
 *
 * @param tries How often it has been asked, this time included.
 */
export function readFailure(error: unknown, tries: number): Failure {
  if (error instanceof NoAnswer) return { unknown: true, retryIn: backoff(tries) };
  if (!(error instanceof ApiProblem)) return { unknown: true, retryIn: undefined };
  const asked = error.retryAfter === undefined ? undefined : error.retryAfter * 1_000;
  if (error.code === 'idempotency_in_flight') return { unknown: true, retryIn: asked ?? 1_000 };
  if (error.status === 502 || error.status === 504)
    return { unknown: true, retryIn: Math.max(asked ?? 0, backoff(tries)) };
  if (error.status === 503) return { unknown: false, retryIn: Math.max(asked ?? 0, backoff(tries)) };
  if (error.status === 429) {
    const wait = asked ?? backoff(tries);
    return { unknown: false, retryIn: wait <= LONGEST_WAIT_MS ? wait : undefined };
  }
  return { unknown: error.status >= 500, retryIn: undefined };
}
