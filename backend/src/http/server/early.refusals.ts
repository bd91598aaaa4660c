import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasNoBody } from '../input/body.parsers.ts';
import type { KnownRoutes } from './known.routes.ts';
import { ProblemException } from '../errors/problem.exception.ts';

/** The limit that holds before a request is read any further. */
export interface EarlyLimit {
  /** Whether a route, by its pattern, has no guard that would count its requests. */
  isUnguarded(route: string): boolean;
  /** Counts a request that no guard will see; throws where its address is past its limit. */
  count(request: FastifyRequest, reply: FastifyReply): void | Promise<void>;
  /** Why a request is not read at all, undefined where it is. */
  refusal(request: FastifyRequest): ProblemException | undefined;
}

/**
 * Refuses by the head alone, before a body is read or parsed: whoever is past their limit, methods a path doesn't
 * have, encoded bodies, requests without a host. Answers preflights.
 */
export function refuseEarly(fastify: FastifyInstance, routes: KnownRoutes, limit: EarlyLimit): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.method === 'OPTIONS' && isPreflight(request)) {
      void reply.code(204).header('content-length', '0').send();
      return;
    }
    const refusal = limit.refusal(request) ?? refusalOf(request, routes);
    if (refusal || !limit.isUnguarded(request.routeOptions.url ?? '')) {
      done(refusal);
      return;
    }
    void countFirst(() => limit.count(request, reply), done);
  });
}

async function countFirst(count: () => void | Promise<void>, done: (error?: Error) => void): Promise<void> {
  try {
    await count();
  } catch (error) {
    done(error instanceof Error ? error : new Error('Counting failed', { cause: error }));
    return;
  }
  done();
}

function isPreflight({ headers }: FastifyRequest): boolean {
  return headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}

function refusalOf(request: FastifyRequest, routes: KnownRoutes): ProblemException | undefined {
  const { headers, raw } = request;
  if (headers.host === undefined && raw.httpVersion === '1.1')
    return new ProblemException(400, { detail: 'The Host header is missing.' });
  if (request.is404 || request.method === 'OPTIONS') return unroutable(routes.methodsOf(request.url));
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding.trim().toLowerCase() === 'identity' || hasNoBody(request)) return undefined;
  return new ProblemException(415, {
    detail: 'Send the body without Content-Encoding.',
    headers: { 'accept-encoding': 'identity' },
  });
}

function unroutable(methods: readonly string[]): ProblemException {
  return methods.length === 0
    ? new ProblemException(404)
    : new ProblemException(405, { headers: { allow: methods.join(', ') } });
}
