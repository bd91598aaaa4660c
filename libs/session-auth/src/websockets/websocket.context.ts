import type { ExecutionContext, HttpException } from '@nestjs/common';
import { WsException } from '@nestjs/websockets';
import type { GuardedRequest } from '../auth.types.ts';
import type { ContextAdapter } from '../contexts/context.adapter.ts';
import { provenIdentity } from '../contexts/proven.identity.ts';
import type { SessionEvents } from '../session.events.ts';
import { endWithSession } from './session-sockets.ts';
import { requestOfSocket, type Socket } from './socket.ts';

/**
 * Teaches the guard WebSocket gateways: `AuthModule.forRoot({ …, contexts: [webSocketContext()] })`. Every message
 * is verified again, with the credential of the socket's handshake; once one was let through, the socket is closed
 * within milliseconds of its session's end. The credential is the handshake's `Authorization` header, socket.io's
 * `auth: { token }` (any Bearer credential: browsers can't set a socket's headers), or the cookie with a trusted
 * Origin. For ws add {@link keepHandshakes}.
 */
export function webSocketContext(): ContextAdapter {
  const clientOf = (context: ExecutionContext): Socket => context.getArgByIndex<Socket>(0);
  return {
    type: 'ws',
    alwaysChecksOrigin: true,
    requestOf: (context: ExecutionContext) => requestOfSocket(clientOf(context)),
    accepted: (context: ExecutionContext, request: GuardedRequest, events: SessionEvents) => {
      const identity = provenIdentity(request);
      if (identity?.session) endWithSession(clientOf(context), identity.session, events);
    },
    refusal: (error: HttpException) => new WsException(error.getResponse()),
  };
}
