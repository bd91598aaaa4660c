/**
 * Serves the built web application: Next's own request handler behind a server with limits, which `next start` has not.
 *
 *   NODE_ENV=production node frontend/server.mjs --port 3000 --host 127.0.0.1
 *
 * Plain JavaScript, because a production image has no compiler. Variables are read by the application itself.
 */
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import next from 'next';
import { serverLimits, watchBody } from './server-limits.mjs';
import { staticFiles } from './static-files.mjs';

/** Milliseconds a shutdown may take before what is still open is cut. */
const SHUTDOWN_MS = 10_000;

const { values } = parseArgs({
  options: {
    port: { type: 'string', short: 'p', default: '3000' },
    host: { type: 'string', short: 'H', default: '127.0.0.1' },
  },
});
const port = Number(values.port);
const hostname = values.host;

process.env.NODE_ENV ??= 'production';
const app = next({ dev: false, dir: import.meta.dirname, hostname, port });
await app.prepare();
const page = app.getRequestHandler();
const file = staticFiles(import.meta.dirname);

/** @type {import('node:http').RequestListener} */
const handle = (request, response) => file(request, response, () => void page(request, response));
/** @type {import('node:http').RequestListener} */
const answer = (request, response) => {
  if (watchBody(request, response)) handle(request, response);
};
const server = createServer(serverLimits, answer);
// Asked before it sends: a body that is too long is never sent at all.
server.on('checkContinue', (request, response) => {
  if (!watchBody(request, response)) return;
  response.writeContinue();
  handle(request, response);
});
server.listen(port, hostname, () => console.log(`web: ready on http://${hostname}:${port}`));

let stopping = false;
/** Stops taking connections, answers what is under way, and ends the process with code 0. */
function stop() {
  if (stopping) return;
  stopping = true;
  setTimeout(() => server.closeAllConnections(), SHUTDOWN_MS).unref();
  server.close(() => void app.close().finally(() => process.exit(0)));
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
