import { ApiProblem, taskEvents, type TaskEvent } from '@session-guard/api-client';
import type { PageApi } from '../../lib/api/page-api.ts';

/** The API sends something every 15 s. After this time without anything the connection counts as dead. */
const SILENCE_MS = 40_000;

/** A page hidden for this long closes its connection: a browser has six for each host. */
const HIDDEN_MS = 30_000;

/** The same response with a body that fails after `silenceMs` without a chunk, as after the machine has slept. */
export function watched(response: Response, silenceMs: number): Response {
  if (!response.body) return response;
  let timer: ReturnType<typeof setTimeout>;
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    start(controller) {
      timer = setTimeout(() => controller.error(new Error('The stream fell silent.')), silenceMs);
    },
    transform(chunk, controller) {
      clearTimeout(timer);
      timer = setTimeout(() => controller.error(new Error('The stream fell silent.')), silenceMs);
      controller.enqueue(chunk);
    },
    flush() {
      clearTimeout(timer);
    },
  });
  return new Response(response.body.pipeThrough(watch), response);
}

/** Resolves at the next of these events, or when `signal` is aborted. */
function next(events: [EventTarget, string][], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = new AbortController();
    const finish = () => {
      done.abort();
      resolve();
    };
    for (const [target, name] of [...events, [signal, 'abort'] as [EventTarget, string]])
      target.addEventListener(name, finish, { signal: done.signal });
    if (signal.aborted) finish();
  });
}

/**
 * A signal that ends with `stop`, when the page has been hidden for a while, or when the network has come back, since
 * the old connection is dead then.
 */
function whileUseful(stop: AbortSignal): { signal: AbortSignal; release: () => void } {
  const end = new AbortController();
  const listeners = new AbortController();
  let hidden: ReturnType<typeof setTimeout> | undefined;
  const abort = () => end.abort();
  stop.addEventListener('abort', abort, { signal: listeners.signal });
  window.addEventListener('online', abort, { signal: listeners.signal });
  document.addEventListener(
    'visibilitychange',
    () => {
      clearTimeout(hidden);
      if (document.visibilityState === 'hidden') hidden = setTimeout(abort, HIDDEN_MS);
    },
    { signal: listeners.signal },
  );
  return {
    signal: end.signal,
    release: () => {
      clearTimeout(hidden);
      listeners.abort();
    },
  };
}

/**
 * Follows this user's tasks for as long as the page is open: through lost connections, restarts of the API and hours
 * in the background. Returns when `stop` ends or the API refuses with a problem.
 *
 * @param onEvent gets the API's events, and `reset` after each new connection, because events before it may have been
 * missed
 */
export async function followTasks(api: PageApi, stop: AbortSignal, onEvent: (event: TaskEvent) => void): Promise<void> {
  const fetch = async (request: Request) => watched(await api.send(request), SILENCE_MS);
  while (!stop.aborted) {
    if (document.visibilityState === 'hidden') await next([[document, 'visibilitychange']], stop);
    const { signal, release } = whileUseful(stop);
    // Events before the connection was open, the first one included, didn't reach this page.
    let missed = true;
    try {
      for await (const event of taskEvents({ baseUrl: api.baseUrl, token: api.token, fetch, signal })) {
        if (missed) onEvent({ type: 'reset' });
        missed = false;
        onEvent(event);
      }
    } catch (error) {
      // 401: the token source has handled it. 429: too many open pages; this one goes on without events.
      if (error instanceof ApiProblem) return;
      throw error;
    } finally {
      release();
    }
    // The session ended. The page is on its way to sign in, or has a new session to go on with.
    if (!signal.aborted && !stop.aborted) await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
