import { createHash } from 'node:crypto';

/** What a content security policy depends on. */
export interface CspInput {
  /** Drawn anew for each request. */
  nonce: string;
  /** Where the API is; read when the server runs, so that one build serves every environment. */
  apiUrl: string;
  webUrl: string;
  production: boolean;
}

/** Origin of an address, for a source list. */
const originOf = (url: string) => new URL(url).origin;

/**
 * sonner puts its stylesheet into the page itself, and offers no way to give it a nonce. The sheet never changes within
 * a version, so its digest is allowed by name, after that of the empty sheet it starts as; a spec compares it with the
 * installed package.
 */
export const SONNER_STYLE =
  "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' 'sha256-StEaX+se6YS7pqjzrzMIA0KaX9zF/8zAhvQXZAe5epY='";

/** The digest of a style or script, as a policy spells it. */
export function digest(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/**
 * The policy of every page: scripts only with this request's nonce (and what those load), data only from this
 * application and its API, no frames, no plugins, no forms to elsewhere.
 *
 * `style-src-attr` stays open: React writes `style="…"` into server-rendered HTML, and an attribute can't load or run
 * anything.
 */
export function contentSecurityPolicy({ nonce, apiUrl, webUrl, production }: CspInput): string {
  const directives: Record<string, string[]> = {
    'default-src': ["'none'"],
    'script-src': ["'self'", `'nonce-${nonce}'`, "'strict-dynamic'", ...(production ? [] : ["'unsafe-eval'"])],
    'style-src': ["'self'", `'nonce-${nonce}'`, SONNER_STYLE],
    'style-src-attr': ["'unsafe-inline'"],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'", originOf(apiUrl), ...(production ? [] : ['ws:'])],
    'manifest-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
    ...(webUrl.startsWith('https://') ? { 'upgrade-insecure-requests': [] } : {}),
  };
  return Object.entries(directives)
    .map(([name, values]) => [name, ...values].join(' '))
    .join('; ');
}
