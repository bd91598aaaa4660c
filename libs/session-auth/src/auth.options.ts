import type { VerifierOptions } from '@session-guard/core';
import type { GuardedRequest } from './auth.types.ts';
import type { ContextAdapter } from './contexts/context.adapter.ts';

/**
 * Shields the database from those who try credentials. Asked for each request whose credential isn't remembered:
 * what is remembered, and what is refused by its form alone, costs no statement.
 *
 * @example
 * AuthModule.forRoot({
 *   …,
 *   lookupLimit: { begin: (request) => limits.enter(request), end: (request) => limits.leave(request) },
 * })
 */
export interface LookupLimit {
  /** @throws what the client is answered instead of a verdict, e.g. an HttpException with 429 */
  begin(request: GuardedRequest): void;
  /** The lookup is over, whatever came of it. Called once for each `begin` that didn't throw. */
  end(request: GuardedRequest): void;
}

/** Options of {@link AuthModule}. The strict choice is the default. */
export interface AuthModuleOptions extends VerifierOptions {
  /** Asked before the database is, e.g. to stop an address that was refused too often. Default: no limit. */
  readonly lookupLimit?: LookupLimit;
  /** `realm` of the 401 challenge. Default `api`. */
  readonly realm?: string;
  /** Transports beside HTTP: `graphqlContext()` of `/graphql`, `webSocketContext()` of `/websockets`. */
  readonly contexts?: readonly ContextAdapter[];
}
