import type { GuardedRequest } from '../auth.types.ts';
import { connectionOf } from './graphql.connection.ts';
import { bag, isRequest } from './unknown.ts';

/**
 * The request behind a GraphQL context value: `context.req` in Apollo on Express and Fastify and in Mercurius, where
 * `context.reply.request` is another way to it. A subscription's is its connection's handshake.
 *
 * @throws Error when the context holds no request
 */
export function requestOf(value: unknown): GuardedRequest {
  const context = bag(value);
  const request = context['req'] ?? context['request'] ?? bag(context['reply'])['request'] ?? context;
  const connection = connectionOf(request) ?? connectionOf(context);
  if (connection) return connection.request;
  if (isRequest(request)) return request;
  throw new Error(
    'SessionGuard found no request in the GraphQL context. Keep it there: context: ({ req }) => ({ req, … }).',
  );
}
