import { APIError } from 'better-auth/api';

/** Most UTF-16 code units of a string that a client sends, by the name of its property; `DEFAULT_LIMIT` for others. */
export const TEXT_LIMITS: Readonly<Record<string, number>> = {
  name: 100,
  image: 2_048,
  email: 254,
  newEmail: 254,
  role: 100,
  banReason: 500,
  issuer: 100,
  providerId: 100,
  accountId: 255,
  callbackURL: 2_048,
  errorCallbackURL: 2_048,
  newUserCallbackURL: 2_048,
  redirectTo: 2_048,
};

/** An ID token or an authorization code of a provider is the longest there is. */
const DEFAULT_LIMIT = 8_192;

/** Objects and lists within each other: Better Auth's own bodies have three. */
const MAX_DEPTH = 8;

/** Shown in one line, on pages and to administrators. */
const ONE_LINE = new Set(['name', 'image', 'email', 'newEmail', 'role', 'banReason', 'issuer']);

/** May be taken away. */
const NULLABLE = new Set(['image', 'banReason']);

/** What PostgreSQL can't store as text, or only as something else: NUL, and half of a surrogate pair. */
const isStorable = (text: string): boolean => !text.includes('\0') && !/\p{Surrogate}/u.test(text);

/** C0 and C1 controls, line and paragraph separators, and what turns the direction of text around. */
const CONTROLS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const ALL_CONTROLS = new RegExp(CONTROLS, 'gu');

/** `field`: where a form shows it. */
function refuse(code: string, message: string, field?: string): never {
  throw new APIError('BAD_REQUEST', { code, message, ...(field === undefined ? {} : { field }) });
}

/** `banReason` → `BAN_REASON`. */
const inCapitals = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();

function checkText(name: string, text: string): void {
  if (!isStorable(text)) refuse('INVALID_TEXT', `${name} has a character that can’t be stored.`, name);
  const limit = TEXT_LIMITS[name] ?? DEFAULT_LIMIT;
  if (text.length > limit) refuse(`${inCapitals(name)}_TOO_LONG`, `${name} may have ${limit} characters.`, name);
  if (ONE_LINE.has(name) && CONTROLS.test(text))
    refuse('INVALID_TEXT', `${name} may not have control characters.`, name);
}

/**
 * Checks every string of a body, a query or the parameters of a path, keys included.
 *
 * @param name of the property that holds the value; what a limit depends on and a message says
 * @throws {APIError} 400 with `INVALID_TEXT`, `<NAME>_TOO_LONG`, `INVALID_TYPE` or `BODY_TOO_DEEP`
 */
export function checkTexts(value: unknown, name = 'The value', depth = 0): void {
  if (typeof value === 'string') {
    checkText(name, value);
    return;
  }
  const nothing = value === undefined || (value === null && NULLABLE.has(name));
  if (TEXT_LIMITS[name] !== undefined && name !== 'role' && !nothing) {
    refuse('INVALID_TYPE', `${name} must be text.`, name);
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth === MAX_DEPTH) refuse('BODY_TOO_DEEP', 'The body has too many levels.');
  for (const [key, inner] of Object.entries(value)) {
    if (key === '__proto__' || key.length > 100 || !isStorable(key))
      refuse('INVALID_BODY', 'The body has a property that can’t be.');
    // An element of a list is judged by the list's name. In a provider's profile a name is first and last name.
    checkTexts(inner, Array.isArray(value) || (name === 'user' && key === 'name') ? name : key, depth + 1);
  }
}

/**
 * A text without control characters and halves of surrogate pairs, cut to its limit at the end of a whole character.
 */
export function cutText(text: string, limit: number): string {
  const clean = text
    .replace(ALL_CONTROLS, ' ')
    .replace(/\p{Surrogate}/gu, '')
    .trim();
  return clean.slice(0, limit).replace(/\p{Surrogate}$/u, '');
}
