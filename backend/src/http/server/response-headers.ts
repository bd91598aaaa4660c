import helmet from 'helmet';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { REFERENCE_PATH } from '../../api.paths.ts';

const API_POLICY = { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } };
/** The reference's pages need scripts and styles of their own. */
const DOCS_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    frameAncestors: ["'none'"],
  },
};

/**
 * Helmet's headers, the request's id, and `no-store` on every response. Helmet's are computed once: they are the
 * same for all requests, and running its thirteen functions a request is what the verdict itself costs.
 */
export function addResponseHeaders(fastify: FastifyInstance, isHttps: boolean): void {
  const api = { ...securityHeaders(API_POLICY, isHttps), 'cache-control': 'no-store' };
  const docs = { ...securityHeaders(DOCS_POLICY, isHttps), 'cache-control': 'no-cache' };
  fastify.addHook('onRequest', (request, reply, done) => {
    const vary = reply.getHeader('vary');
    reply.headers(request.url.startsWith(REFERENCE_PATH) ? docs : api);
    reply.header('vary', vary === undefined ? 'Authorization, Cookie' : `${String(vary)}, Authorization, Cookie`);
    reply.header('x-request-id', request.id);
    done();
  });
}

/** Without https a browser ignores HSTS, and should: it would lock the host out of http. */
function securityHeaders(contentSecurityPolicy: typeof API_POLICY, isHttps: boolean): Record<string, string> {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  helmet({
    contentSecurityPolicy,
    strictTransportSecurity: isHttps,
    crossOriginResourcePolicy: { policy: 'same-site' },
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
  })(response.req, response, (error?: unknown) => {
    if (error !== undefined) throw new Error('helmet refused its options', { cause: error });
  });
  return Object.fromEntries(Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]));
}
