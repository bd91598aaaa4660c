import type { ExecutionContext, HttpException } from '@nestjs/common';
import type { GuardedRequest } from '../auth.types.ts';
import type { SessionEvents } from '../session.events.ts';

/**
 * How the guard finds the request behind one kind of execution context. HTTP is built in; GraphQL and WebSocket
 * live behind the subpaths `/graphql` and `/websockets`, with their peer dependencies.
 */
export interface ContextAdapter {
  /** What `ExecutionContext.getType()` returns for this transport. */
  readonly type: string;
  /** The object whose headers hold the credential, and which carries user and session afterwards. */
  requestOf(context: ExecutionContext): GuardedRequest;
  /** Sets a response header where the transport has any. */
  setHeader?(context: ExecutionContext, name: string, value: string): void;
  /** Called once a message was let through, e.g. to close a socket when its session ends. */
  accepted?(context: ExecutionContext, request: GuardedRequest, events: SessionEvents): void;
  /** Turns a refusal into what the transport understands; the result is thrown. */
  refusal?(error: HttpException, context: ExecutionContext): Error;
  /** Whether the cookie counts only with a trusted Origin, whatever the method (a socket's handshake is a GET). */
  readonly alwaysChecksOrigin?: boolean;
}
