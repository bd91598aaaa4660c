import { ApiProblem } from '@session-guard/api-client';
import { NoAnswer } from '../../../lib/api/no-answer.ts';
import { readFailure } from './retry-policy.ts';
import { problem } from './testing/simulated-server.ts';

function inFlight(retryAfter?: string): ApiProblem {
  const body = {
    type: 'about:blank',
    title: '',
    status: 409,
    detail: '',
    code: 'idempotency_in_flight',
    requestId: '',
  };
  return new ApiProblem(
    body,
    new Response(null, { headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } }),
  );
}

describe('readFailure', () => {
  it('without an answer it retries after a pause that doubles, up to half a minute', () => {
    const pauses = [1, 2, 3, 4, 5, 20].map((tries) => readFailure(new NoAnswer(), tries).retryIn);
    expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(readFailure(new NoAnswer(), 1).unknown).toBe(true);
  });

  it('what nobody foresaw says nothing of what was done, and is not asked again', () => {
    expect(readFailure(new TypeError('x'), 1)).toEqual({ unknown: true, retryIn: undefined });
    expect(readFailure(undefined, 1)).toEqual({ unknown: true, retryIn: undefined });
  });

  it('a copy in flight is waited for as long as the API says, a second where it doesn’t', () => {
    expect(readFailure(inFlight('3'), 4)).toEqual({ unknown: true, retryIn: 3_000 });
    expect(readFailure(inFlight(), 4)).toEqual({ unknown: true, retryIn: 1_000 });
  });

  it.each([502, 504])('%d is a proxy’s answer: it may have been done', (status) => {
    expect(readFailure(problem(status), 1)).toEqual({ unknown: true, retryIn: 2_000 });
    expect(readFailure(problem(status, 9), 1)).toEqual({ unknown: true, retryIn: 9_000 });
    expect(readFailure(problem(status, 1), 3)).toEqual({ unknown: true, retryIn: 8_000 });
  });

  it('503 is the API’s own word that it was not done: it is asked again, no sooner than it says', () => {
    expect(readFailure(problem(503), 2)).toEqual({ unknown: false, retryIn: 4_000 });
    expect(readFailure(problem(503, 7), 2)).toEqual({ unknown: false, retryIn: 7_000 });
    expect(readFailure(problem(503, 1), 2)).toEqual({ unknown: false, retryIn: 4_000 });
  });

  it('429 is waited out when that takes a minute at most; otherwise a person decides', () => {
    expect(readFailure(problem(429), 1)).toEqual({ unknown: false, retryIn: 2_000 });
    expect(readFailure(problem(429, 60), 1)).toEqual({ unknown: false, retryIn: 60_000 });
    expect(readFailure(problem(429, 61), 1)).toEqual({ unknown: false, retryIn: undefined });
  });

  it.each([400, 401, 403, 404, 409, 412, 422, 499])(
    '%d is a refusal: nothing was done, and asking again is of no use',
    (status) => {
      expect(readFailure(problem(status), 1)).toEqual({ unknown: false, retryIn: undefined });
    },
  );

  it.each([500, 501])('%d leaves open what was done, and is not asked again', (status) => {
    expect(readFailure(problem(status), 1)).toEqual({ unknown: true, retryIn: undefined });
  });
});
