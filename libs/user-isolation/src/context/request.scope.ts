import type { IsolatedRequest } from '../isolation.options.ts';
import { runInScope } from './owner.context.ts';

/** The part of a response that a scope uses: Node's own, on every server. */
export interface EndableResponse {
  readonly writableEnded: boolean;
}

/**
 * Opens the scope of a request. Nothing is read or awaited here: a query reads the owner when it needs it.
 * Once the response has been sent the scope has no user, so that work left running (a timer, a socket opened by the
 * request) can't go on acting for its user.
 */
export function openScope<Request extends IsolatedRequest>(
  request: Request,
  response: EndableResponse,
  ownerOf: (request: Request) => string | undefined,
  next: () => void,
): void {
  runInScope({ owner: () => (response.writableEnded ? undefined : ownerOf(request)) }, next);
}
