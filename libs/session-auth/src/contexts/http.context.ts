import type { ExecutionContext } from '@nestjs/common';
import type { GuardedRequest } from '../auth.types.ts';
import type { ContextAdapter } from './context.adapter.ts';

interface HeaderWriter {
  header(name: string, value: string): unknown;
}

/** Fastify and Express alike; server-sent events are ordinary HTTP to a guard. */
export const httpContext: ContextAdapter = {
  type: 'http',
  // By index: switchToHttp() allocates three closures, and this runs on every request.
  requestOf: (context: ExecutionContext) => context.getArgByIndex<GuardedRequest>(0),
  setHeader: (context: ExecutionContext, name: string, value: string) => {
    context.getArgByIndex<HeaderWriter>(1).header(name, value);
  },
};
