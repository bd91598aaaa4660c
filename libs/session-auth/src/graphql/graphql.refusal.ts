import type { HttpException } from '@nestjs/common';
import { GraphQLError } from 'graphql';
import type { AuthProblem } from '../auth.exceptions.ts';

/** Apollo's names where it has one, in its spelling where it doesn't. */
const CODES: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  503: 'SERVICE_UNAVAILABLE',
};

/**
 * A refusal as GraphQL clients know it: `extensions.code` is `UNAUTHENTICATED`, `FORBIDDEN` or `SERVICE_UNAVAILABLE`,
 * `extensions.problem` is what HTTP routes answer. Apollo takes `extensions.http` off and uses it for the status.
 */
export function graphqlRefusal(error: HttpException): GraphQLError {
  const status = error.getStatus();
  const problem = error.getResponse() as AuthProblem;
  const refusal = new GraphQLError(problem.detail, {
    extensions: { code: CODES[status] ?? 'FORBIDDEN', status, problem, http: { status } },
  });
  // An expected answer: Apollo shows stacks outside production, and this one tells nothing.
  refusal.stack = `${refusal.name}: ${refusal.message}`;
  return refusal;
}
