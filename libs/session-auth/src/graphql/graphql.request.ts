import type { GuardedRequest } from '../auth.types.ts';

type Bag = Readonly<Record<string, unknown>>;

/** Requests made up for subscriptions, by the connection they came through. */
const handshakes = new WeakMap<object, GuardedRequest>();

/**
 * The request behind a GraphQL context value: `context.req` in Apollo on Express and Fastify and in Mercurius,
 * where `context.reply.request` is another way to it. A subscription's is made of its connection: the headers of
 * the upgrade request, and `connectionParams.authorization`, since a browser can't set a socket's headers.
 *
 * @throws Error when the context holds no request
 */
export function requestOf(value: unknown): GuardedRequest {
  const context = bag(value);
  const request = context['req'] ?? bag(context['reply'])['request'] ?? context['request'] ?? context;
  if (isRequest(request)) return request;
  const handshake = handshakeOf(bag(request)) ?? handshakeOf(context);
  if (handshake) return handshake;
  throw new Error(
    'SessionGuard found no request in the GraphQL context. Keep it there: context: ({ req }) => ({ req, … }).',
  );
}

/** graphql-ws: `extra.request` is the upgrade request, `connectionParams` what the client sent with `connection_init`. */
function handshakeOf(connection: Bag): GuardedRequest | undefined {
  const upgrade = bag(connection['extra'])['request'];
  if (!isRequest(upgrade)) return undefined;
  const known = handshakes.get(connection);
  if (known) return known;
  const authorization = authorizationOf(bag(connection['connectionParams']));
  const request: GuardedRequest = {
    // The upgrade is a GET, but what follows may do anything: the cookie counts with a trusted Origin only.
    method: 'CONNECT',
    headers: authorization === undefined ? upgrade.headers : { ...upgrade.headers, authorization },
  };
  handshakes.set(connection, request);
  return request;
}

function authorizationOf(params: Bag): string | undefined {
  const found = params['authorization'] ?? params['Authorization'];
  return found === undefined || found === null ? undefined : typeof found === 'string' ? found : '';
}

function isRequest(value: unknown): value is GuardedRequest {
  return typeof bag(value)['headers'] === 'object' && bag(value)['headers'] !== null;
}

function bag(value: unknown): Bag {
  return typeof value === 'object' && value !== null ? (value as Bag) : {};
}

