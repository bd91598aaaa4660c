import type { RequestHeaders } from '../principal.ts';

/** RFC 9110 §9.2.1. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Whether a request that the cookie authenticates may act. A browser attaches the cookie to whatever page asks, so
 * an unsafe method needs an Origin we trust; an absent one, `null` or `Sec-Fetch-Site: cross-site` without a
 * trusted Origin is refused. Bearer credentials are exempt: no browser attaches those.
 */
export function originAllowed(
  request: { readonly method?: string; readonly headers: RequestHeaders },
  trusted: ReadonlySet<string>,
  always: boolean,
): boolean {
  if (!always && SAFE_METHODS.has((request.method ?? 'GET').toUpperCase())) return true;
  const { origin } = request.headers;
  return typeof origin === 'string' && trusted.has(origin);
}
