import type { ExecutionContext, HttpException } from '@nestjs/common';
import type { GuardedRequest } from '../auth.types.ts';
import type { ContextAdapter } from '../contexts/context.adapter.ts';
import { provenIdentity } from '../contexts/proven.identity.ts';
import type { SessionEvents } from '../session.events.ts';
import { endWithSession } from './graphql.connection.ts';
import { GraphqlRefusal } from './graphql.refusal.ts';
import { requestOf } from './graphql.request.ts';

/** Position of the context value among a resolver's arguments: root, args, context, info. */
const CONTEXT_ARGUMENT = 2;

/**
 * Teaches the guard GraphQL: `AuthModule.forRoot({ …, contexts: [graphqlContext()] })`. Works with Apollo on Express
 * and on Fastify, and with Mercurius.
 *
 * Guards run on queries, mutations and subscriptions; on field resolvers only where `fieldResolverEnhancers:
 * ['guards']` asks for it, and then from memory. A subscription is judged when it starts, by `connectionParams.
 * authorization`, the upgrade's `Authorization` header, or the cookie with a trusted Origin; its connection is cut
 * when the session ends.
 */
export function graphqlContext(): ContextAdapter {
  return {
    type: 'graphql',
    requestOf: (context: ExecutionContext): GuardedRequest =>
      requestOf(context.getArgByIndex<unknown>(CONTEXT_ARGUMENT)),
    accepted: (_context: ExecutionContext, request: GuardedRequest, events: SessionEvents) => {
      const identity = provenIdentity(request);
      if (identity?.session) endWithSession(request, identity.session, events);
    },
    refusal: (error: HttpException) => new GraphqlRefusal(error),
  };
}
