import type { CredentialScheme } from './credentials/credential.scheme.ts';
import type { AuthObserver } from './observer.ts';
import type { RevocationFeed } from './revocation/revocation.feed.ts';

/** One entry of Better Auth's `secrets` (`BETTER_AUTH_SECRETS=2:new,1:old`). */
export interface VersionedSecret {
  readonly version: number;
  readonly value: string;
}

/** What a JWT must be like. */
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

/** How much is remembered. */
export interface CacheOptions {
  /** Credentials remembered at most. Default 100,000. */
  readonly maxCredentials?: number;
  /**
   * Bytes of heap that remembered credentials take at most, roughly. Default 1,024 for each of `maxCredentials`, so
   * 100 MiB. A row of more than 16 KiB is never remembered: its session is looked up for every request.
   */
  readonly maxBytes?: number;
}

/** How credentials are verified. The strict choice is the default. */
export interface VerifierOptions {
  /** Better Auth's `baseURL`: decides issuer, audience, the cookie's `__Secure-` prefix, the first trusted origin. */
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
  /** Further kinds of credentials. They are asked before the cookie and after `Authorization: Bearer`. */
  readonly schemes?: readonly CredentialScheme[];
  /** `false` asks the database for every request. */
  readonly cache?: false | CacheOptions;
  /** PostgreSQL URL for LISTEN where the application's own goes through a transaction pooler. */
  readonly listenUrl?: string;
  /** Where revocations come from. Default: the triggers of `installRevocation()`, where they are installed. */
  readonly revocations?: RevocationFeed;
  /** Receives verdicts and the channel's state, for metrics. */
  readonly observer?: AuthObserver;
}
