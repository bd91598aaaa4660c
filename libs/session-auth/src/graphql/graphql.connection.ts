import type { AuthenticatedSession, GuardedRequest } from '../auth.types.ts';
import type { SessionEvents } from '../session.events.ts';
import { bag, isRequest, type Bag } from './unknown.ts';

/** graphql-ws has a close code for it, after which its client doesn't come back by itself. */
const UNAUTHORIZED = { code: 4401, reason: 'Unauthorized' } as const;

/** What subscriptions run over: a `WebSocket` of ws (graphql-ws), or the bare TCP socket (Mercurius shows no other). */
interface Wire {
  once(event: 'close', listener: () => void): unknown;
  close?(code: number, reason: string): void;
  destroy?(): void;
}

/** The connection of subscriptions, and the request that stands for each of them: its handshake. */
export interface Connection {
  readonly request: GuardedRequest;
  readonly wire: Wire | undefined;
  watched: boolean;
}

/** By what a context value holds of it: graphql-ws's connection, or the upgrade request. */
const connections = new WeakMap<object, Connection>();
const byRequest = new WeakMap<GuardedRequest, Connection>();

/** The connection a subscription came through, or undefined for an ordinary request. */
export function connectionOf(value: unknown): Connection | undefined {
  const source = bag(value);
  const known = connections.get(source);
  if (known) return known;
  const upgrade = bag(source['extra'])['request'];
  if (isRequest(upgrade)) return remember(source, upgrade, bag(source['extra'])['socket'], source['connectionParams']);
  if (isRequest(source) && isUpgrade(source))
    return remember(source, source, bag(bag(source)['raw'])['socket'], undefined);
  return undefined;
}

/** Cuts the connection when its session is over: a guard runs when a subscription starts, and then never again. */
export function endWithSession(request: GuardedRequest, session: AuthenticatedSession, events: SessionEvents): void {
  const connection = byRequest.get(request);
  if (!connection?.wire || connection.watched) return;
  connection.watched = true;
  const { wire } = connection;
  const ended = events.ended(session).subscribe(() => {
    if (wire.close) wire.close(UNAUTHORIZED.code, UNAUTHORIZED.reason);
    else wire.destroy?.();
  });
  wire.once('close', () => ended.unsubscribe());
}

function remember(source: Bag, upgrade: GuardedRequest, wire: unknown, params: unknown): Connection {
  const authorization = authorizationOf(bag(params));
  const request: GuardedRequest = {
    // The upgrade is a GET, but what follows may do anything: the cookie counts with a trusted Origin only.
    method: 'CONNECT',
    headers: authorization === undefined ? upgrade.headers : { ...upgrade.headers, authorization },
  };
  const connection: Connection = { request, wire: isWire(wire) ? wire : undefined, watched: false };
  connections.set(source, connection);
  byRequest.set(request, connection);
  return connection;
}

/** What the client sent with `connection_init`: a browser can't set a socket's headers. */
function authorizationOf(params: Bag): string | undefined {
  const found = params['authorization'] ?? params['Authorization'];
  if (found === undefined || found === null) return undefined;
  return typeof found === 'string' ? found : '';
}

function isUpgrade({ headers }: GuardedRequest): boolean {
  return headers['upgrade'] !== undefined;
}

function isWire(value: unknown): value is Wire {
  return typeof bag(value)['once'] === 'function';
}
