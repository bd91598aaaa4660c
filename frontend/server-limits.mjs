/** Bytes of a request's body. Nothing here takes a file: the longest form has a few kilobytes. */
export const BODY_LIMIT_BYTES = 65_536;

/** Milliseconds a client may take to send its whole request, the same as the API's. */
const REQUEST_TIMEOUT_MS = 15_000;

/**
 * Options of the HTTP server. Node looks for slow clients every 30 s by itself, so that a limit of 15 s would be one
 * of up to 45.
 *
 * @type {import('node:http').ServerOptions}
 */
export const serverLimits = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  headersTimeout: REQUEST_TIMEOUT_MS,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16_384,
};

/**
 * Milliseconds a connection stays open, unread, after an answer that came before the end of its request: a client that
 * still sends has this long to notice. Closed at once, the answer would be lost with the connection.
 */
const LINGER_MS = 1_000;

/**
 * Refuses a body that is too long: by what its headers say before a byte of it is read, and by counting where they
 * don't say. The rest stays unread, and the connection is closed.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @returns {boolean} false when the request was answered with 413
 */
export function watchBody(request, response) {
  if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT_BYTES) {
    refuse(request);
    return false;
  }
  if (request.headers['transfer-encoding'] === undefined) return true;
  response.on('finish', () => {
    // After what Node does at the end of an answer: it would start to read the rest.
    if (!request.complete) setImmediate(() => linger(request));
  });
  let read = 0;
  const push = request.push.bind(request);
  // Every chunk comes through here, whoever reads it later. A listener for `data` would start the flow too early.
  request.push = (chunk, encoding) => {
    read += chunk?.length ?? 0;
    if (read <= BODY_LIMIT_BYTES) return push(chunk, encoding);
    if (response.headersSent) linger(request);
    else refuse(request);
    return false;
  };
  return true;
}

/**
 * Written to the socket itself: Node's response would close it, or read the rest, as soon as it is finished.
 * @param {import('node:http').IncomingMessage} request
 */
function refuse(request) {
  const body = JSON.stringify({ code: 'BODY_TOO_LARGE', message: `A request may have ${BODY_LIMIT_BYTES} bytes.` });
  const head = [
    'HTTP/1.1 413 Payload Too Large',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  request.socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  linger(request);
}

/** @param {import('node:http').IncomingMessage} request */
function linger({ socket }) {
  socket.pause();
  setTimeout(() => socket.destroy(), LINGER_MS);
}
