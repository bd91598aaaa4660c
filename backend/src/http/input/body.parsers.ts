import type { FastifyInstance, FastifyRequest } from 'fastify';
import { INPUT_LIMITS, TOO_MANY_VALUES } from './clean-input.ts';
import { ProblemException, validationProblem } from '../errors/problem.exception.ts';
import { holdsMoreValues } from './value-count.ts';

/**
 * JSON, and nothing else. An empty body is none, whatever its type: generated clients send `Content-Type:
 * application/json` with every request. Routes that need a body refuse it themselves.
 */
export function parseBodies(fastify: FastifyInstance): void {
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else if (holdsMoreValues(body.toString(), INPUT_LIMITS.values))
      done(validationProblem([TOO_MANY_VALUES]), undefined);
    else void parseJson(request, body.toString(), done);
  });
  fastify.addContentTypeParser('*', (request, _payload, done) => {
    done(hasNoBody(request) ? null : new ProblemException(415), undefined);
  });
}

/** Whether a request's head says that nothing follows it. */
export function hasNoBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
}
