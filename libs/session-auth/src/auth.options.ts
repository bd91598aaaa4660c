import type { AuthObserver } from './auth.observer.ts';
import type { GuardedRequest } from './auth.types.ts';
import type { ContextAdapter } from './contexts/context.adapter.ts';

/** One entry of Better Auth's `secrets` (`BETTER_AUTH_SECRETS=2:new,1:old`). */
export interface VersionedSecret {
  readonly version: number;
  readonly value: string;
}

export interface JwtOptions {
  /** Accepted signature algorithms. Default `['EdDSA']`, what Better Auth's jwt plugin signs with. */
  readonly algorithms?: readonly string[];
  /** Expected `iss`. Default: the origin of `baseURL`. */
  readonly issuer?: string;
  /** Expected `aud`. Default: the origin of `baseURL`. */
  readonly audience?: string;
  /** How long a key outlives its `expiresAt`, in seconds. Default 2,592,000 (30 days), Better Auth's `gracePeriod`. */
  readonly gracePeriod?: number;
}

export interface CacheOptions {
  /** Credentials remembered at most. Default 100,000. */
  readonly maxCredentials?: number;
  /**
   * Bytes of heap that remembered credentials take at most, roughly. Default 1,024 for each of `maxCredentials`, so
   * 100 MiB. A row of more than 16 KiB is never remembered: its session is looked up for every request.
   */
  readonly maxBytes?: number;
}

/**
 * Shields the database from those who try credentials. Asked for each request whose credential isn't remembered:
 * what is remembered, and what is refused by its form alone, costs no statement.
 *
 * @example
 * AuthModule.forRoot({ …, lookupLimit: { begin: (request) => limits.enter(request), end: (request) => limits.leave(request) } })
 */
export interface LookupLimit {
  /** @throws what the client is answered instead of a verdict, e.g. an HttpException with 429 */
  begin(request: GuardedRequest): void;
  /** The lookup is over, whatever came of it. Called once for each `begin` that didn't throw. */
  end(request: GuardedRequest): void;
}

/** Options of {@link AuthModule}. The strict choice is the default. */
export interface AuthModuleOptions {
  /** Better Auth's `baseURL`: decides issuer, audience, the cookie's `__Secure-` prefix and the first trusted origin. */
  readonly baseURL: string;
  /** Better Auth's secret, at least 32 characters. */
  readonly secret?: string;
  /** Better Auth's `secrets` instead: cookies are signed with the first entry only, so only the first counts here. */
  readonly secrets?: readonly VersionedSecret[];
  /**
   * Also accepts cookies and signed tokens of the other `secrets`, as a rotation needs: servers of both kinds learn
   * of the new secret one after the other. Default false, as in Better Auth. Take a secret that leaked off the list.
   */
  readonly acceptOlderSecrets?: boolean;
  /** Origins, beside that of `baseURL`, whose pages may send unsafe requests with the cookie. Exact, no wildcards. */
  readonly trustedOrigins?: readonly string[];
  /** Better Auth's `advanced.cookiePrefix`. Default `better-auth`. */
  readonly cookiePrefix?: string;
  /** Better Auth's `advanced.cookies.session_token.name`: replaces the whole name but the `__Secure-` prefix. */
  readonly cookieName?: string;
  /** Better Auth's `advanced.useSecureCookies`. Default: whether `baseURL` is https. */
  readonly secureCookies?: boolean;
  /** Bearer session tokens: `any` (default), only `signed` ones (`set-auth-token`), or `off`. JWTs are apart. */
  readonly bearer?: 'any' | 'signed' | 'off';
  /** JWTs of Better Auth's jwt plugin whose payload has `sid`. `false` refuses them and reads no key. */
  readonly jwt?: false | JwtOptions;
  /** Asked before the database is, e.g. to stop an address that was refused too often. Default: no limit. */
  readonly lookupLimit?: LookupLimit;
  /** `false` asks the database for every request. */
  readonly cache?: false | CacheOptions;
  /** PostgreSQL URL for LISTEN where the application's own goes through a transaction pooler. */
  readonly listenUrl?: string;
  /** `realm` of the 401 challenge. Default `api`. */
  readonly realm?: string;
  /** Receives verdicts and the channel's state, for metrics. */
  readonly observer?: AuthObserver;
  /** Transports beside HTTP: `graphqlContext()` of `/graphql`, `webSocketContext()` of `/websockets`. */
  readonly contexts?: readonly ContextAdapter[];
}
