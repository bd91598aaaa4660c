import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    user?: { readonly id: string };
  }
}

/** One line for each request once it is answered: who, what, how it ended, how long it took. Never a header or a query. */
export function addRequestLog(fastify: FastifyInstance): void {
  const { log } = fastify;
  fastify.addHook('onResponse', (request, reply, done) => {
    log.info(
      {
        reqId: request.id,
        userId: request.user?.id,
        method: request.method,
        path: pathOf(request),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 100) / 100,
      },
      'request',
    );
    done();
  });
}

/** The path without its query, which may hold what people typed, or a credential sent to the wrong place. */
function pathOf(request: FastifyRequest): string {
  const { url } = request;
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}
