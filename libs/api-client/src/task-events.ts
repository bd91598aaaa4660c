import { toApiProblem, ApiProblem } from './api-problem.ts';
import { authorizedFetch, type AuthorizedFetchOptions } from './authorized-fetch.ts';
import { parseEventStream, type StreamEvent } from './event-stream.ts';

/** What `GET /api/tasks/events` tells. After `reset`, read the list again; `ready` says that nothing was missed. */
export type TaskEvent =
  | { readonly type: 'ready' | 'reset' }
  | { readonly type: 'task.created' | 'task.updated' | 'task.deleted'; readonly id: string; readonly version: number }
  | { readonly type: 'session.ended'; readonly reason: 'revoked' | 'expired' };

export interface TaskEventsOptions extends AuthorizedFetchOptions {
  /** Where the API is, without `/api`. */
  readonly baseUrl: string;
  /** Ends the stream. */
  readonly signal?: AbortSignal;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Follows one's own tasks. Connects again by itself after a cut and continues where it was; ends when the signal
 * aborts or the session is over.
 *
 * @throws {ApiProblem} when the API refuses: 401 when there is no session, 403, 429 with too many streams
 * @example
 * for await (const event of taskEvents({ baseUrl, token, signal })) {
 *   if (event.type !== 'ready') await reload();
 * }
 */
export async function* taskEvents({ baseUrl, signal, ...options }: TaskEventsOptions): AsyncGenerator<TaskEvent, void> {
  const send = authorizedFetch(options);
  const url = `${baseUrl.replace(/\/+$/, '')}/api/tasks/events`;
  let lastEventId: string | undefined;
  let wait = FIRST_WAIT_MS;
  while (!signal?.aborted) {
    try {
      const headers = {
        accept: 'text/event-stream',
        ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
      };
      const response = await send(new Request(url, { headers, ...(signal && { signal }) }));
      if (!response.ok || !response.body) throw toApiProblem(await response.json().catch(() => undefined), response);
      for await (const event of parseEventStream(response.body)) {
        lastEventId = event.id ?? lastEventId;
        wait = event.retry ?? FIRST_WAIT_MS;
        const known = toTaskEvent(event);
        if (known) yield known;
        if (known?.type === 'session.ended') return;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) throw error;
      if (error instanceof ApiProblem && error.retryAfter !== undefined)
        wait = Math.max(wait, error.retryAfter * 1_000);
    }
    await pause(wait, signal);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

function toTaskEvent({ type, data }: StreamEvent): TaskEvent | undefined {
  switch (type) {
    case 'ready':
    case 'reset':
      return { type };
    case 'task.created':
    case 'task.updated':
    case 'task.deleted': {
      const { id, version } = JSON.parse(data) as { id: string; version: number };
      return { type, id, version };
    }
    case 'session.ended': {
      const { reason } = JSON.parse(data) as { reason: 'revoked' | 'expired' };
      return { type, reason };
    }
    default:
      // A newer API may tell more.
      return undefined;
  }
}

/** Waits, or returns at once when the signal aborts. */
function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done);
  });
}
