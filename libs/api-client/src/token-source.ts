/** Where the client gets its Bearer token. */
export interface TokenSource {
  /** The token at hand; undefined sends none. */
  get(): string | undefined | Promise<string | undefined>;
  /** A new token after the API refused the one at hand; undefined when there is none to have. */
  renew(): string | undefined | Promise<string | undefined>;
}

/**
 * A token that never changes, for scripts.
 * @example createApiClient({ baseUrl, token: fixedToken(process.env.TOKEN) })
 */
export function fixedToken(token: string): TokenSource {
  return { get: () => token, renew: () => undefined };
}
