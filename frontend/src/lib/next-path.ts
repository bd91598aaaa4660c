/** Where a person lands when nothing else was asked for. */
export const HOME = '/tasks';

/**
 * The path to go to after signing in, taken from an untrusted `next`.
 *
 * Only a path of this application is accepted: everything a browser could read as another host
 * (`//evil.example`, `/\evil.example`, a scheme, control characters that URL parsers drop) falls back to `/tasks`,
 * and so do the pages one has just come from and the routes that aren't pages.
 *
 * @example safeNextPath('/account?tab=1') // '/account?tab=1'
 * @example safeNextPath('//evil.example') // '/tasks'
 */
export function safeNextPath(next: unknown): string {
  if (typeof next !== 'string' || next.length > 2_000) return HOME;
  if (!next.startsWith('/') || /^\/[/\\]/.test(next)) return HOME;
  // URL parsers strip tabs and newlines, which can turn "/\t/evil" into "//evil".
  if (next.split('').some((character) => character < ' ' || character === '\u007f' || character === '\\')) return HOME;
  let url: URL;
  try {
    url = new URL(next, 'http://own.invalid');
  } catch {
    return HOME;
  }
  if (url.origin !== 'http://own.invalid' || url.pathname.startsWith('//')) return HOME;
  if (/^\/(api|sign-in|sign-up|two-factor|_next)(\/|$)/.test(url.pathname)) return HOME;
  return url.pathname + url.search + url.hash;
}

/** The sign-in page, remembering where to return to. */
export function signInPath(next: string, reason?: 'ended'): string {
  const query = new URLSearchParams();
  const path = safeNextPath(next);
  if (path !== HOME) query.set('next', path);
  if (reason) query.set('reason', reason);
  const text = query.toString();
  return text ? `/sign-in?${text}` : '/sign-in';
}
