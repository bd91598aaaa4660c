import type { GuardedRequest } from '../auth.types.ts';

type Headers = GuardedRequest['headers'];

/** A socket.io socket, as far as we need it. */
interface IoSocket {
  readonly handshake: { readonly headers: Headers; readonly auth: unknown };
  emit(event: string, ...args: unknown[]): unknown;
  once(event: 'disconnect', listener: () => void): unknown;
  disconnect(close: boolean): unknown;
}

/** A `WebSocket` of the ws package, as far as we need it. */
interface WsSocket {
  readonly readyState: number;
  once(event: 'close', listener: () => void): unknown;
  close(code: number, reason: string): void;
}

/** A client of either platform. */
export type Socket = IoSocket | WsSocket;

/** The upgrade request of a socket, as far as a guard needs it. */
export interface Handshake {
  readonly headers: Headers;
}

/** Why a socket is closed by us. */
export interface Farewell {
  /** WebSocket close code. 4000 and above are the applications' (RFC 6455 §7.4.2); 1013 is "try again later". */
  readonly code: 4401 | 4403 | 1013;
  /** At most 123 bytes, shown to the client. */
  readonly reason: string;
  /** What a socket.io client hears before it is disconnected; socket.io has no close codes. */
  readonly event: readonly [name: string, data: unknown];
}

const upgrades = new WeakMap<object, Handshake>();
const requests = new WeakMap<object, GuardedRequest>();

/** Keeps the upgrade request of a ws client, which ws itself doesn't. */
export function rememberHandshake(client: object, handshake: Handshake): void {
  upgrades.set(client, handshake);
}

/**
 * What stands for the request of every message on this socket: its handshake.
 *
 * @throws Error for a ws client whose handshake nobody kept
 */
export function requestOfSocket(client: Socket): GuardedRequest {
  const known = requests.get(client);
  if (known) return known;
  const request: GuardedRequest = { headers: headersOf(client) };
  requests.set(client, request);
  return request;
}

function headersOf(client: Socket): Headers {
  if (isIo(client)) {
    const { headers, auth } = client.handshake;
    const token = authToken(auth);
    // As everywhere: a credential that is named decides alone, and the cookie counts only without one.
    return token === undefined ? headers : { ...headers, authorization: `Bearer ${token}` };
  }
  const upgrade = upgrades.get(client);
  if (!upgrade) {
    throw new Error(
      'SessionGuard knows no handshake of this WebSocket. ' +
        'Keep it: app.useWebSocketAdapter(keepHandshakes(new WsAdapter(app))) ' +
        "with keepHandshakes of '@session-guard/auth/websockets'.",
    );
  }
  return upgrade.headers;
}

function authToken(auth: unknown): string | undefined {
  if (typeof auth !== 'object' || auth === null || !('token' in auth)) return undefined;
  const { token } = auth;
  if (token === undefined || token === null) return undefined;
  return typeof token === 'string' ? token : '';
}

/** Calls back once, when the socket is closed by anybody. */
export function onClose(client: Socket, listener: () => void): void {
  if (isIo(client)) client.once('disconnect', listener);
  else client.once('close', listener);
}

/** Closes a socket, saying why in the way its platform can. */
export function closeSocket(client: Socket, { code, reason, event }: Farewell): void {
  if (isIo(client)) {
    client.emit(...event);
    client.disconnect(true);
  } else {
    client.close(code, reason);
  }
}

function isIo(client: Socket): client is IoSocket {
  return 'handshake' in client;
}
