import { Inject, Injectable, type HttpException } from '@nestjs/common';
import { AUTH_CONFIG } from '../auth.constants.ts';
import type { AuthConfig } from '../auth.config.ts';
import { SessionStoreUnavailableException, UnauthenticatedException, type AuthProblem } from '../auth.exceptions.ts';
import type { AuthenticatedSession, Identity } from '../auth.types.ts';
import { originProblem } from '../origin.check.ts';
import { SessionEvents } from '../session.events.ts';
import { SessionVerifier, type Verdict } from '../session.verifier.ts';
import {
  closeSocket,
  onClose,
  rememberHandshake,
  requestOfSocket,
  type Farewell,
  type Handshake,
  type Socket,
} from './socket.ts';

/** Sockets already watched. */
const watched = new WeakSet<Socket>();

/** Closes the socket when its session is over. Watches each socket once: its handshake names one session for good. */
export function endWithSession(client: Socket, session: AuthenticatedSession, events: SessionEvents): void {
  if (watched.has(client)) return;
  watched.add(client);
  const ended = events
    .ended(session)
    .subscribe((reason) =>
      closeSocket(client, { code: 4401, reason: `session ${reason}`, event: ['session.ended', reason] }),
    );
  onClose(client, () => ended.unsubscribe());
}

/**
 * Admits sockets when they connect. The guard runs on messages only, so a gateway that *sends* (rooms, broadcasts)
 * must ask here first: a client that never says anything would otherwise listen unknown, and past its session's end.
 *
 * @example
 * ```ts
 * @WebSocketGateway()
 * export class FeedGateway implements OnGatewayConnection {
 *   constructor(private readonly sockets: SessionSockets) {} // providers: [FeedGateway, SessionSockets]
 *
 *   async handleConnection(client: Socket) {
 *     const identity = await this.sockets.admit(client);
 *     if (identity) await client.join(`user:${identity.user.id}`);
 *   }
 * }
 * ```
 */
@Injectable()
export class SessionSockets {
  constructor(
    @Inject(SessionVerifier) private readonly verifier: SessionVerifier,
    @Inject(SessionEvents) private readonly events: SessionEvents,
    @Inject(AUTH_CONFIG) private readonly config: AuthConfig,
  ) {}

  /**
   * Verifies the handshake of a socket, and closes the socket at once when it carries no valid session (or the
   * cookie from a foreign origin), otherwise when the session ends.
   *
   * @param handshake ws's second argument to `handleConnection`; socket.io needs none
   * @returns who it is, or undefined once the socket was closed
   */
  async admit(client: Socket, handshake?: Handshake): Promise<Identity | undefined> {
    if (handshake) rememberHandshake(client, handshake);
    const request = requestOfSocket(client);
    let verdict: Verdict;
    try {
      verdict = await this.verifier.verify(request.headers);
    } catch (error) {
      return refuse(client, 1013, new SessionStoreUnavailableException(error));
    }
    if ('refused' in verdict) return refuse(client, 4401, new UnauthenticatedException());
    const untrusted = originProblem(verdict, request, this.config.trustedOrigins, true);
    if (untrusted) return refuse(client, 4403, untrusted);
    const { session } = verdict.identity;
    if (session) endWithSession(client, session, this.events);
    return verdict.identity;
  }
}

function refuse(client: Socket, code: Farewell['code'], error: HttpException): undefined {
  const problem = error.getResponse() as AuthProblem;
  closeSocket(client, { code, reason: problem.code, event: ['exception', problem] });
  return undefined;
}
