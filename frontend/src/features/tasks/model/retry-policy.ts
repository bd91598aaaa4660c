import { ApiProblem } from '@session-guard/api-client';
import { NoAnswer } from '../../../lib/api/no-answer.ts';

/** What a failed request means for the change. */
export interface Failure {
  /** The change may have been made all the same. */
  readonly unknown: boolean;
  /** Milliseconds to wait before a retry; undefined when a retry is of no use. */
  readonly retryIn: number | undefined;
}

/**
 * The longest pause between two tries, and the longest `Retry-After` that is waited for without asking the user.
 */
const LONGEST_WAIT_MS = 60_000;

const backoff = (tries: number) => Math.min(1_000 * 2 ** tries, LONGEST_WAIT_MS / 2);

/**
 * Interprets a failure. Only an answer of the API says what happened: without one, or with a proxy's own error, the
 * request may have been carried out.
 *
 * @param tries how often it was sent, this time included
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
