import type { ExecutionContext } from '@nestjs/common';
import type { GuardedRequest, Identity } from '../auth.types.ts';
import type { ContextAdapter } from './context.adapter.ts';
import { httpContext } from './http.context.ts';
import { provenIdentity } from './proven.identity.ts';

const adapters = new Map<string, ContextAdapter>();

/**
 * Makes a transport known to the guard and to the parameter decorators. The registry is the process's and not the
 * module's because a parameter decorator has no access to dependency injection; adapters hold no state of an
 * application.
 */
export function registerContexts(contexts: readonly ContextAdapter[]): void {
  for (const adapter of contexts) adapters.set(adapter.type, adapter);
}

/** The adapter for a context; an unknown transport is refused, never let through. */
export function contextAdapter(context: ExecutionContext): ContextAdapter {
  const type = context.getType<string>();
  if (type === 'http') return httpContext;
  const adapter = adapters.get(type);
  if (!adapter) {
    throw new Error(
      `SessionGuard doesn't know the execution context '${type}'. Pass its adapter to AuthModule, e.g. ` +
        `contexts: [graphqlContext()] from '@session-guard/auth/graphql' ` +
        `or [webSocketContext()] from '@session-guard/auth/websockets'.`,
    );
  }
  return adapter;
}

/**
 * The request that the guard has seen, whatever the transport: an HTTP request, that of a GraphQL operation, or what
 * stands for one on a socket. {@link identityOf} says whose it is; `user` and `session` are on it as well once the
 * guard let it through, where nothing else keeps its own under these names.
 */
export function guardedRequest(context: ExecutionContext): GuardedRequest {
  return contextAdapter(context).requestOf(context);
}

/**
 * Who the guard proved to make a request, whatever the transport, for interceptors and guards that run after it.
 *
 * @returns undefined for nobody, and where SessionGuard didn't run
 * @example const userId = identityOf(context)?.user.id;
 */
export function identityOf(context: ExecutionContext): Identity | undefined {
  return provenIdentity(guardedRequest(context)) ?? undefined;
}
