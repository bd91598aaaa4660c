import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HttpDurations } from '../metrics/http.durations.ts';

declare module 'fastify' {
  interface FastifyRequest {
    user?: { readonly id: string };
  }
}

/**
 * Once a request is answered: one line in the log (who, what, how it ended, how long it took; never a header or a
 * query) and one observation in the histogram.
 */
export function observeResponses(fastify: FastifyInstance, durations: HttpDurations): void {
  const { log } = fastify;
  fastify.addHook('onResponse', (request, reply, done) => {
    const ms = reply.elapsedTime;
    durations.observe(`${request.method} ${request.routeOptions.url ?? 'none'}`, reply.statusCode, ms / 1_000);
    log.info(
      {
        reqId: request.id,
        userId: request.user?.id,
        method: request.method,
        path: pathOf(request),
        status: reply.statusCode,
        ms: Math.round(ms * 100) / 100,
      },
      'request',
    );
    done();
  });
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The route, with the ids of rows filled in. Never the address as it was sent: it may hold what people typed, or a
 * credential sent to the wrong place.
 */
function pathOf({ routeOptions: { url }, params }: FastifyRequest): string | undefined {
  if (!url?.includes(':')) return url;
  return url.replaceAll(/:(\w+)/g, (place, name: string) => {
    const value = (params as Record<string, string | undefined>)[name] ?? '';
    return UUID.test(value) ? value : place;
  });
}
