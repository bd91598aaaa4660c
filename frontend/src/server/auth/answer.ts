import type { Pool } from 'pg';
import { causeOf, isUnsuitable, noteFailure } from './failures.ts';
import { failure, readRequest } from './read-request.ts';
import { renewCookies, type RotationSettings } from './secret-rotation.ts';
import { keepSessionCookies } from './session-cookies.ts';
import { hideTokens } from './without-tokens.ts';

/** `Retry-After` while the database is away. */
const RETRY_AFTER_SECONDS = 2;

/** What answers `/api/auth/*`. */
export interface AuthServer {
  handler(request: Request): Promise<Response>;
  options: { database: Pick<Pool, 'query'> };
}

/** Whether the database answers; bounded by the pool's own limits. */
async function databaseAnswers({ options }: AuthServer): Promise<boolean> {
  try {
    await options.database.query('select 1');
    return true;
  } catch {
    return false;
  }
}

/** 503 while the database is away, never 401; any other fault is a 500 without details. */
async function failed(auth: AuthServer): Promise<Response> {
  if (await databaseAnswers(auth)) return failure(500, 'INTERNAL_SERVER_ERROR', 'Something went wrong here.');
  return failure(503, 'DATABASE_UNAVAILABLE', 'The database does not answer for the moment.', {
    'retry-after': String(RETRY_AFTER_SECONDS),
  });
}

/** Codes for what Better Auth refuses without a body. */
const WITHOUT_BODY: Record<number, readonly [code: string, message: string]> = {
  401: ['UNAUTHORIZED', 'Sign in first.'],
  403: ['FORBIDDEN', 'You may not do this.'],
  404: ['NOT_FOUND', 'There is no such route.'],
  405: ['METHOD_NOT_ALLOWED', 'The route has other methods.'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'Send application/json.'],
};
const OTHER_FAILURE = ['BAD_REQUEST', 'The request is not one that this route understands.'] as const;

/** Adds what a client may rely on: `Retry-After`, and a body with a code for every failure. */
async function completed(response: Response): Promise<Response> {
  const headers = new Headers(response.headers);
  const wait = headers.get('x-retry-after');
  if (response.status === 429 && wait && !headers.has('retry-after')) headers.set('retry-after', wait);
  const { status, statusText } = response;
  if (status < 400) return new Response(response.body, { status, statusText, headers });
  const text = await response.text();
  return text.startsWith('{')
    ? new Response(text, { status, statusText, headers })
    : failure(status, ...(WITHOUT_BODY[status] ?? OTHER_FAILURE));
}

/**
 * Answers a request to `/api/auth/*`: checks its size, calls Better Auth and completes the answer.
 * Never throws. Every failure has a code and a message.
 */
export async function answerAuthRequest(
  auth: AuthServer,
  settings: RotationSettings,
  given: Request,
): Promise<Response> {
  const request = await readRequest(given);
  if (request instanceof Response) return request;
  const renewed = renewCookies(request.headers, settings);
  let response: Response;
  let cause: unknown;
  try {
    ({ answer: response, cause } = await causeOf(() => auth.handler(request)));
  } catch (error) {
    // Better Auth throws outside of its routes, when it checks the schema or the limits.
    noteFailure(error);
    return failed(auth);
  }
  // A session cookie set by Better Auth, at a sign-out for instance, takes precedence.
  const setsSession = response.headers.getSetCookie().some((line) => line.includes('session_token='));
  if (!setsSession) for (const cookie of renewed) response.headers.append('set-cookie', cookie);
  keepSessionCookies(request.method, response.headers);
  if (response.status >= 500)
    return isUnsuitable(cause) ? failure(400, 'INVALID_VALUE', 'A value is not one that can be kept.') : failed(auth);
  return hideTokens(request, await completed(response));
}
