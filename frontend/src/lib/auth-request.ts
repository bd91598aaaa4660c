import { duringAuthCall } from './auth-calls.ts';
import { ACCOUNT_CHANGED, noteOtherAccount, otherAccount, PAGE_ACCOUNT_HEADER, pageAccount } from './page-account.ts';

/** What went wrong at Better Auth, in words for a person. */
export interface AuthFailure {
  /** HTTP status; 0 when no answer came. */
  status: number;
  /** Better Auth's code, such as `INVALID_EMAIL_OR_PASSWORD`; empty when it gave none. */
  code: string;
  message: string;
  /** The property that was wrong, where the server names one. */
  field?: string;
}

/** An answer of Better Auth. */
export type AuthResult<T> = { ok: true; data: T } | { ok: false; error: AuthFailure };

/** Better Auth's own wording where a plainer or safer one exists. */
const MESSAGES: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: 'That email and password don’t match. Check both and try again.',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'There is an account with this email already. Sign in instead.',
  INVALID_PASSWORD: 'That password isn’t right.',
  EMAIL_NOT_VERIFIED: 'Confirm your email address first: a new link is on its way to you.',
  PASSWORD_TOO_SHORT: 'Use at least 8 characters.',
  INVALID_TOKEN: 'This link has been used or is too old. Ask for a new one.',
  TOKEN_EXPIRED: 'This link is too old. Ask for a new one.',
  INVALID_CODE: 'That code isn’t right, or its half minute has passed.',
  INVALID_BACKUP_CODE: 'That backup code isn’t right, or it has been used.',
  INVALID_TWO_FACTOR_COOKIE: 'It took too long. Sign in again.',
  BANNED_USER: 'This account has been suspended. Write to whoever runs this site.',
  SESSION_EXPIRED: 'Sign out, sign in and try again: this needs a recent sign-in.',
  SESSION_NOT_FRESH: 'Sign out, sign in and try again: this needs a recent sign-in.',
  [ACCOUNT_CHANGED]: 'Another account is signed in in this browser now. Nothing was sent; load the page anew.',
};

/** The sentence for a failure. */
export function describeFailure(status: number, code: string, message: string, retryAfter: string | null): string {
  if (status === 0) return 'No answer from the server. Check your connection and try again.';
  if (status === 429)
    return `Too many attempts. Wait ${retryAfter ? `${retryAfter} seconds` : 'a moment'} and try again.`;
  if (status >= 500) return 'The service can’t answer right now. Nothing was changed; try again in a moment.';
  return MESSAGES[code] ?? (message || 'That didn’t work. Try again.');
}

/** Says whose page asks, so that the server can refuse when somebody else is signed in. */
export function accountHeaders(headers: Record<string, string> = {}): Record<string, string> {
  const account = pageAccount();
  return account ? { ...headers, [PAGE_ACCOUNT_HEADER]: account.key } : headers;
}

function accountChanged(): { ok: false; error: AuthFailure } {
  return {
    ok: false,
    error: { status: 409, code: ACCOUNT_CHANGED, message: describeFailure(409, ACCOUNT_CHANGED, '', null) },
  };
}

async function request<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<AuthResult<T>> {
  if (otherAccount()) return accountChanged();
  let response: Response;
  try {
    response = await fetch(`/api/auth${path}`, {
      method,
      signal: AbortSignal.timeout(15_000),
      headers: accountHeaders(body ? { 'content-type': 'application/json' } : {}),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  } catch {
    return { ok: false, error: { status: 0, code: '', message: describeFailure(0, '', '', null) } };
  }
  const data: unknown = await response.json().catch(() => null);
  if (response.ok) return { ok: true, data: data as T };
  const problem = (data ?? {}) as { code?: string; message?: string; field?: string };
  const code = problem.code ?? '';
  if (code === ACCOUNT_CHANGED) noteOtherAccount('somebody');
  return {
    ok: false,
    error: {
      status: response.status,
      code,
      message: describeFailure(response.status, code, problem.message ?? '', response.headers.get('retry-after')),
      ...(problem.field === undefined ? {} : { field: problem.field }),
    },
  };
}

/**
 * Calls an endpoint of Better Auth (`/api/auth…`) with this browser's cookie.
 *
 * A few hundred bytes instead of Better Auth's client: the sign-in page has to stay small, and one way is enough.
 * Never throws; a lost connection is a failure with status 0.
 *
 * @example const result = await authPost<{ redirect: boolean }>('/sign-in/email', { email, password });
 */
export const authPost = <T = unknown>(path: string, body: object = {}): Promise<AuthResult<T>> =>
  duringAuthCall(() => request<T>('POST', path, body));

/** The same for reading. */
export const authGet = <T>(path: string): Promise<AuthResult<T>> => request<T>('GET', path);
