import type { ExecutionContext } from '@nestjs/common';

/** Token of the options given to `IsolationModule.forRoot`. */
export const ISOLATION_OPTIONS = Symbol('isolation options');

/** How {@link IsolationModule} finds the user of a request. */
export interface IsolationOptions {
  /**
   * The id of a request's verified user; undefined when nobody is signed in. It is called at each use, so it sees what
   * the guard put on the request. It must not read anything that a client can send.
   *
   * @default the `id` of the user SessionGuard proved; where it didn't run, that of `request.user`
   */
  readonly ownerOf?: (request: IsolatedRequest) => string | undefined;
  /**
   * Where the guard leaves the user of a call that is no HTTP request; `OwnerInterceptor` asks it. With
   * `@session-guard/auth` it is that library's `guardedRequest`, which knows sockets and GraphQL subscriptions.
   *
   * @default the first argument of the handler: the socket itself
   */
  readonly requestOf?: (context: ExecutionContext) => IsolatedRequest;
  /** Names of policies on owned tables, besides the owner's, that share rows on purpose; any other stops the start. */
  readonly knownPolicies?: readonly string[];
  /**
   * Names of views, tables and functions that the API's role may reach and that show rows of several users on purpose
   * (a view that counts, for instance); any other stops the start.
   */
  readonly knownObjects?: readonly string[];
  /** Name of the DataSource, when it is not the default one. */
  readonly dataSource?: string;
}

/**
 * The property in which SessionGuard keeps the verified identity, null for an anonymous request: `request.user` may be
 * set by another library, such as passport. It is the name that `@session-guard/auth` uses, which isn't imported here.
 */
const PROVEN: unique symbol = Symbol.for('session-guard:identity');

/** A request as a guard leaves it, of whichever HTTP server. */
export interface IsolatedRequest {
  readonly user?: { readonly id: string } | undefined;
  readonly [PROVEN]?: { readonly user: { readonly id: string } } | null;
}

/** The default of {@link IsolationOptions.ownerOf}. */
export function verifiedUser(request: IsolatedRequest): string | undefined {
  const proven = request[PROVEN];
  return proven === undefined ? request.user?.id : proven?.user.id;
}
