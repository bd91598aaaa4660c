import type { IsolatedRequest } from '../isolation.options.ts';
import { runInScope } from './owner.context.ts';

/** What a scope needs of a response: Node's own, on every server. */
export interface EndableResponse {
  readonly writableEnded: boolean;
}

/**
 * Opens the scope of a request: nothing is read or awaited here, the owner is asked for when a query needs it.
 * A scope whose response has been sent knows no user any more, so that what a request leaves running (a timer, a
 * socket opened on its behalf) can't go on acting for its user.
 */
export function openScope<Request extends IsolatedRequest>(
  request: Request,
  response: EndableResponse,
  ownerOf: (request: Request) => string | undefined,
  next: () => void,
): void {
  runInScope({ owner: () => (response.writableEnded ? undefined : ownerOf(request)) }, next);
}
