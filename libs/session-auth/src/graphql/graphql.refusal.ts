import { IntrinsicException, type HttpException } from '@nestjs/common';
import type { AuthProblem } from '../auth.exceptions.ts';

/** Apollo's names where it has one, in its spelling where it doesn't. */
const CODES: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  503: 'SERVICE_UNAVAILABLE',
};

/**
 * A refusal as GraphQL clients know it: `extensions.code` is `UNAUTHENTICATED`, `FORBIDDEN` or `SERVICE_UNAVAILABLE`,
 * `extensions.status` its HTTP status and `extensions.problem` what HTTP routes answer.
 *
 * Not a `GraphQLError`: the executor makes one of it and takes the extensions over, and Nest would log each
 * `GraphQLError` of a guard as a fault of the server, so that anybody could fill the log.
 */
export class GraphqlRefusal extends IntrinsicException {
  override readonly name = 'GraphqlRefusal';
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(error: HttpException) {
    const status = error.getStatus();
    const problem = error.getResponse() as AuthProblem;
    super(problem.detail);
    // Apollo takes `http` off and answers with its status where preserveHttpStatusForExecutionErrors is false.
    this.extensions = { code: CODES[status] ?? 'FORBIDDEN', status, problem, http: { status } };
    // An expected answer: Apollo shows stacks outside production, and this one tells nothing.
    this.stack = `${this.name}: ${this.message}`;
  }
}
