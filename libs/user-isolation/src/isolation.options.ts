import type { ExecutionContext } from '@nestjs/common';

/** Token of the options given to `IsolationModule.forRoot`. */
export const ISOLATION_OPTIONS = Symbol('isolation options');

/** How {@link IsolationModule} learns who a request is from. */
export interface IsolationOptions {
  /**
   * The verified user's id of a request, or undefined when nobody is signed in. It is asked at each use, so it sees
   * what the guard put on the request; it must read nothing that a client can send.
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
 * Where SessionGuard keeps what it proved, null for nobody: `request.user` may be another library's, such as
 * passport's. The name is that of `@session-guard/auth`, which isn't imported here.
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
