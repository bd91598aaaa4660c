import 'server-only';
import { env } from '../env.ts';
import { auth } from './index.ts';
import { renewCookies } from './secret-rotation.ts';
import { hideTokens } from './without-tokens.ts';

/** Seconds after which asking again makes sense when the database is away. */
const RETRY_AFTER = 2;

function unavailable(): Response {
  return Response.json(
    { code: 'DATABASE_UNAVAILABLE', message: 'The database does not answer for the moment.' },
    { status: 503, headers: { 'retry-after': String(RETRY_AFTER), 'cache-control': 'no-store' } },
  );
}

/** Whether the database answers; bounded by the pool's own limits. */
async function databaseAnswers(): Promise<boolean> {
  try {
    await auth().options.database.query('select 1');
    return true;
  } catch {
    return false;
  }
}

/**
 * Answers `/api/auth/*`: Better Auth, with what a consumer may rely on added.
 * A database that is away is 503 (never 401 or 500), and a limit says with the standard header when to come back.
 */
export async function handleAuthRequest(request: Request): Promise<Response> {
  const renewed = renewCookies(request.headers, env());
  let response: Response;
  try {
    response = await auth().handler(request);
  } catch (error) {
    // Thrown where Better Auth has no answer of its own: before its routes, when it looks at the schema or the limits.
    if (await databaseAnswers()) throw error;
    return unavailable();
  }
  // What Better Auth says of the cookie itself, a sign-out for instance, goes before.
  const spoken = response.headers.getSetCookie().some((line) => line.includes('session_token='));
  if (!spoken) for (const cookie of renewed) response.headers.append('set-cookie', cookie);
  if (response.status >= 500 && !(await databaseAnswers())) return unavailable();
  const wait = response.headers.get('x-retry-after');
  if (response.status === 429 && wait && !response.headers.has('retry-after')) {
    const headers = new Headers(response.headers);
    headers.set('retry-after', wait);
    return new Response(response.body, { status: 429, statusText: response.statusText, headers });
  }
  return hideTokens(request, response);
}
